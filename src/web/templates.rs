//! In charge of turning a template and its context into a page, in a language. Does not know what the pages are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use include_dir::{Dir, include_dir};
use tera::Tera;

use super::assets::Assets;
use crate::catalogue::{Catalogue, FILES as TEXTS, Value};
use crate::model::person::Language;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The folder that is read live while developing.
const LIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");

/// One engine for each language: `t` speaks it.
struct Engines {
    made: Option<SystemTime>,
    by_language: HashMap<Language, Tera>,
    texts: Arc<Catalogue>,
}

/// Every template and every text.
pub struct Templates {
    engines: RwLock<Engines>,
    assets: Arc<Assets>,
    live: Option<PathBuf>,
}

impl Templates {
    /// Reads all templates; an error in one of them stops the start.
    pub fn new(assets: Arc<Assets>) -> Result<Templates, tera::Error> {
        let live = Some(PathBuf::from(LIVE)).filter(|folder| cfg!(debug_assertions) && folder.is_dir());
        let engines = RwLock::new(engines(live.as_deref(), &assets)?);
        Ok(Templates { engines, assets, live })
    }

    /// A page. `name` is the file's path without `.html.tera`.
    pub fn render(&self, language: Language, name: &str, context: &serde_json::Value) -> Result<String, tera::Error> {
        self.refresh()?;
        let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
        let engine = engines.by_language.get(&language).ok_or_else(|| tera::Error::msg("no such language"))?;
        engine.render(&format!("{name}.html.tera"), &tera::Context::from_value(context.clone())?)
    }

    /// A text of the catalogue.
    pub fn text(&self, language: Language, key: &str, values: &[(&str, Value)]) -> String {
        self.texts().text(language, key, values)
    }

    /// The catalogue as it stands.
    pub fn texts(&self) -> Arc<Catalogue> {
        self.engines.read().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }

    /// While developing, reads the folder again when something in it has changed.
    fn refresh(&self) -> Result<(), tera::Error> {
        let Some(folder) = &self.live else { return Ok(()) };
        let changed = newest(folder);
        if self.engines.read().unwrap_or_else(PoisonError::into_inner).made == changed {
            return Ok(());
        }
        let engines = engines(Some(folder), &self.assets)?;
        *self.engines.write().unwrap_or_else(PoisonError::into_inner) = engines;
        Ok(())
    }
}

fn engines(live: Option<&Path>, assets: &Arc<Assets>) -> Result<Engines, tera::Error> {
    let made = live.and_then(newest);
    let mut files = Vec::new();
    match live {
        Some(folder) => read_live(folder, folder, &mut files),
        None => read_embedded(&FILES, &mut files),
    }
    let texts = Arc::new(Catalogue::of(TEXTS.iter().map(|(language, embedded)| {
        let path = format!("text/{}.ftl", language.as_str());
        let text = live.and_then(|folder| std::fs::read_to_string(folder.join(path)).ok());
        (*language, text.unwrap_or_else(|| embedded.to_string()))
    })));
    let mut by_language = HashMap::new();
    for language in Language::ALL {
        let mut engine = Tera::default();
        engine.add_raw_templates(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        engine.autoescape_on(vec![".tera"]);
        let texts = texts.clone();
        engine.register_function("t", move |arguments: &HashMap<String, tera::Value>| {
            Ok(said(&texts, language, arguments).into())
        });
        engine.register_function("asset", AssetUrl(assets.clone()));
        by_language.insert(language, engine);
    }
    Ok(Engines { made, by_language, texts })
}

/// The function `asset(path="…")` of templates.
struct AssetUrl(Arc<Assets>);

impl tera::Function for AssetUrl {
    fn call(&self, arguments: &HashMap<String, tera::Value>) -> tera::Result<tera::Value> {
        let path = arguments.get("path").and_then(tera::Value::as_str).unwrap_or_default();
        Ok(self.0.url(path).into())
    }

    /// An address made of our own checksum and a template's own words: there is nothing to escape.
    fn is_safe(&self) -> bool {
        true
    }
}

/// The function `t(key="…", name=value…)` of templates.
fn said(texts: &Catalogue, language: Language, arguments: &HashMap<String, tera::Value>) -> String {
    let key = arguments.get("key").and_then(tera::Value::as_str).unwrap_or_default();
    let values: Vec<(&str, Value)> = arguments
        .iter()
        .filter(|(name, _)| *name != "key")
        .map(|(name, value)| match (value.as_i64(), value.as_str()) {
            (Some(number), _) => (name.as_str(), Value::Number(number)),
            (_, Some(text)) => (name.as_str(), Value::from(text)),
            _ => (name.as_str(), Value::Text(value.to_string())),
        })
        .collect();
    texts.text(language, key, &values)
}

fn read_embedded(folder: &Dir, files: &mut Vec<(String, String)>) {
    for file in folder.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "tera")) {
        files.push((file.path().to_string_lossy().into(), file.contents_utf8().unwrap_or_default().into()));
    }
    folder.dirs().for_each(|inner| read_embedded(inner, files));
}

fn read_live(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for path in entries(folder) {
        if path.is_dir() {
            read_live(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "tera")
            && let (Ok(name), Ok(text)) = (path.strip_prefix(root), std::fs::read_to_string(&path))
        {
            files.push((name.to_string_lossy().into(), text));
        }
    }
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let of =
        |path: PathBuf| if path.is_dir() { newest(&path) } else { path.metadata().and_then(|m| m.modified()).ok() };
    entries(folder).into_iter().filter_map(of).max()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
