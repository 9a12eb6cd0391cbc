//! In charge of the archive of a backup: a plain `tar` that holds the copy of the database and the installation's files,
//! nothing else. Does not know what is in them. An archive to be read is anybody's: only what we would have written is taken.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use tar::{Archive, Builder, EntryType, Header};

/// The member that is the database; it comes last, so that an archive that was cut short lacks it.
const DATABASE: &str = "sportello.db";

/// The folder of all other members.
const FILES: &str = "files";

/// How deep folders may lie within each other.
const DEPTH: usize = 8;

/// Writes an archive that nobody else can read, safely on disk when this returns. `files` need not be there.
pub fn write(archive: &Path, database: &Path, files: &Path) -> anyhow::Result<()> {
    let words = || format!("{} cannot be written", archive.display());
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(archive).with_context(words)?;
    let mut tar = Builder::new(std::io::BufWriter::new(file));
    append_folder(&mut tar, files, FILES)?;
    append_file(&mut tar, database, DATABASE)?;
    let file = tar.into_inner().and_then(|buffer| buffer.into_inner().map_err(|fault| fault.into_error()));
    file.and_then(|file| file.sync_all()).with_context(words)
}

fn append_folder(tar: &mut Builder<impl Write>, folder: &Path, name: &str) -> anyhow::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(fault).with_context(|| format!("{} cannot be read", folder.display())),
    };
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = entry.path();
        let Some(last) = entry.file_name().to_str().map(String::from) else {
            bail!("{} has a name that is none of ours", path.display());
        };
        let name = format!("{name}/{last}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            append_folder(tar, &path, &name)?;
        } else if kind.is_file() {
            append_file(tar, &path, &name)?;
        } else {
            bail!("{} is neither a file nor a folder: it is none of ours", path.display());
        }
    }
    Ok(())
}

fn append_file(tar: &mut Builder<impl Write>, path: &Path, name: &str) -> anyhow::Result<()> {
    ensure!(is_ours(name), "{} has a name that is none of ours", path.display());
    let words = || format!("{} cannot be put into the archive", path.display());
    let file = File::open(path).with_context(words)?;
    let size = file.metadata().with_context(words)?.len();
    let mut header = Header::new_ustar();
    header.set_path(name).with_context(words)?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(size);
    header.set_cksum();
    let mut bytes = file.take(size);
    tar.append(&header, &mut bytes).with_context(words)?;
    ensure!(bytes.limit() == 0, "{} has become shorter while it was read", path.display());
    Ok(())
}

/// Unpacks the database to this path and the files to this folder; neither may be there. True when there were files.
///
/// # Errors
/// With words, at the first thing in the archive that we would not have put there; what was unpacked before stays.
pub fn read(archive: &Path, database: &Path, files: &Path) -> anyhow::Result<bool> {
    let file = File::open(archive).with_context(|| format!("{} cannot be opened", archive.display()))?;
    let length = file.metadata()?.len();
    let not_ours = || format!("{} is not a backup of Sportello, or it is damaged", archive.display());
    let mut tar = Archive::new(std::io::BufReader::new(file));
    let mut has_files = false;
    // Raw: extensions that rename or resize members are members like others, and none of ours.
    for entry in tar.entries().with_context(not_ours)?.raw(true) {
        let mut entry = entry.with_context(not_ours)?;
        let name = std::str::from_utf8(&entry.path_bytes()).unwrap_or_default().to_string();
        let size = entry.header().entry_size().with_context(not_ours)?;
        ensure!(is_ours(&name) && entry.header().entry_type() == EntryType::Regular, not_ours());
        ensure!(size <= length, not_ours());
        let path = match name.strip_prefix(FILES) {
            Some(rest) => {
                has_files = true;
                files.join(rest.trim_start_matches('/'))
            }
            None => database.to_path_buf(),
        };
        unpack(&mut entry, &path, size).with_context(not_ours)?;
    }
    ensure!(database.try_exists()?, not_ours());
    Ok(has_files)
}

fn unpack(entry: &mut impl Read, path: &Path, size: u64) -> anyhow::Result<()> {
    let folder: PathBuf = super::scratch::folder_of(path).into();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    // Never over another: a name that comes twice is a fault.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    ensure!(std::io::copy(entry, &mut file)? == size, "it ends in the middle of a file");
    file.sync_all()?;
    super::scratch::sync(&folder)
}

/// Whether a member's name is one that we give: the database, or a file in the folder of files, written in one way only.
fn is_ours(name: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.chars().any(char::is_control);
    name == DATABASE
        || name
            .strip_prefix(FILES)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| rest.split('/').count() <= DEPTH && rest.split('/').all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive with these members, by whoever.
    fn archive(path: &Path, members: &[(&str, EntryType, &[u8])]) {
        let mut tar = Builder::new(File::create(path).unwrap());
        for (name, kind, bytes) in members {
            let mut header = Header::new_gnu();
            // Written by hand: `set_path` would refuse what a stranger writes.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(bytes.len() as u64);
            header.set_cksum();
            tar.append(&header, *bytes).unwrap();
        }
        tar.into_inner().unwrap();
    }

    #[test]
    fn what_goes_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("data/files/ab")).unwrap();
        std::fs::write(at("data/files/ab/1"), b"one").unwrap();
        std::fs::write(at("data/master.key"), b"secret").unwrap();
        std::fs::write(at("copy"), b"database").unwrap();
        write(&at("a.tar"), &at("copy"), &at("data/files")).unwrap();
        let bytes = std::fs::read(at("a.tar")).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"secret"), "nothing but what was named");
        assert!(read(&at("a.tar"), &at("back/db"), &at("back/files")).unwrap());
        assert_eq!(std::fs::read(at("back/db")).unwrap(), b"database");
        assert_eq!(std::fs::read(at("back/files/ab/1")).unwrap(), b"one");
        write(&at("b.tar"), &at("copy"), &at("nowhere")).unwrap();
        assert!(!read(&at("b.tar"), &at("db"), &at("files")).unwrap());
        std::os::unix::fs::symlink(at("data/master.key"), at("data/files/link")).unwrap();
        let refused = write(&at("c.tar"), &at("copy"), &at("data/files")).unwrap_err().to_string();
        assert!(refused.contains("none of ours"), "{refused}");
    }

    #[test]
    fn an_archive_that_is_not_ours_is_refused_and_nothing_is_written_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tar");
        let check = |what: &str, members: &[(&str, EntryType, &[u8])]| {
            archive(&path, members);
            let inside = folder.path().join("inside");
            let taken = read(&path, &inside.join("db"), &inside.join("files"));
            assert!(taken.is_err(), "{what}");
            let mut left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
            assert!(left.all(|name| name == "a.tar" || name == "inside"), "{what}");
            let _ = std::fs::remove_dir_all(&inside);
        };
        let regular = EntryType::Regular;
        let good: (&str, EntryType, &[u8]) = (DATABASE, regular, b"x");
        check("nothing", &[]);
        check("no database", &[("files/a", regular, b"x")]);
        check("another name", &[("master.key", regular, b"x"), good]);
        check("a way out", &[("files/../../out", regular, b"x"), good]);
        check("a way out at once", &[("../out", regular, b"x"), good]);
        check("an absolute name", &[("/tmp/out", regular, b"x"), good]);
        check("a name in two ways", &[("files/./a", regular, b"x"), good]);
        check("an empty part", &[("files//a", regular, b"x"), good]);
        check("a folder", &[("files/a", EntryType::Directory, b""), good]);
        check("a link", &[("files/a", EntryType::Symlink, b""), good]);
        check("a hard link", &[("files/a", EntryType::Link, b""), good]);
        check("a device", &[("files/a", EntryType::Char, b""), good]);
        check("holes", &[("files/a", EntryType::GNUSparse, b"x"), good]);
        check("a long name", &[("././@LongLink", EntryType::GNULongName, b"files/a\0"), good]);
        check("the same twice", &[good, good]);
        check("too deep", &[("files/1/2/3/4/5/6/7/8/9", regular, b"x"), good]);
        std::fs::write(&path, b"something else").unwrap();
        assert!(read(&path, &folder.path().join("db"), &folder.path().join("files")).is_err());
    }

    #[test]
    fn an_archive_that_was_cut_anywhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tar");
        let file: (&str, EntryType, &[u8]) = ("files/a", EntryType::Regular, &[7; 700]);
        archive(&path, &[file, (DATABASE, EntryType::Regular, &[8; 700])]);
        let whole = std::fs::read(&path).unwrap();
        // 512 for each name, 1024 for each content: the last byte that counts is the database's 700th.
        for length in (0..512 + 1024 + 512 + 700).step_by(50) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let inside = folder.path().join("inside");
            assert!(read(&path, &inside.join("db"), &inside.join("files")).is_err(), "{length}");
            let _ = std::fs::remove_dir_all(&inside);
        }
    }
}
