//! In charge of where the lines of a chart go: numbers for the SVG that `_parts/chart.html.tera` writes. Knows no words, and nothing
//! of what is counted.

use serde_json::{Value, json};

/// How wide and high a chart is, in its own units.
const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 250.0;
/// Left of here stand the numbers of the scale; between the other two is what is drawn, and the days below.
const LEFT: f64 = 40.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 226.0;
/// A bar is no wider than this.
const WIDEST: f64 = 48.0;
/// So many days are named below at most.
const NAMED: usize = 8;

/// Bars of parts that stand on one another, one bar for each label; every part has the numbers of one thing.
pub fn bars(labels: &[String], parts: &[Vec<i64>]) -> Value {
    let sums: Vec<i64> = (0..labels.len()).map(|at| parts.iter().map(|part| part[at]).sum()).collect();
    let scale = Scale::of(sums.iter().copied().max().unwrap_or(0));
    let slot = (WIDTH - LEFT) / labels.len().max(1) as f64;
    let width = (slot * 0.8).min(WIDEST);
    let mut rows = Vec::new();
    for at in 0..labels.len() {
        let mut below = 0;
        for (number, part) in parts.iter().enumerate().filter(|(_, part)| part[at] > 0) {
            let (low, high) = (scale.y(below), scale.y(below + part[at]));
            below += part[at];
            rows.push(json!({
                "class": number + 1, "x": round(LEFT + slot * at as f64 + (slot - width) / 2.0), "y": round(high),
                "width": round(width), "height": round((low - high - 0.8).max(0.4)),
            }));
        }
    }
    chart(&scale, labels, slot, json!({"bars": rows}))
}

/// One line through a number for each label, with the ground below it filled.
pub fn line(labels: &[String], numbers: &[i64]) -> Value {
    let scale = Scale::of(numbers.iter().copied().max().unwrap_or(0));
    let slot = (WIDTH - LEFT) / labels.len().max(1) as f64;
    let x = |at: usize| round(LEFT + slot * at as f64 + slot / 2.0);
    let points: Vec<String> =
        numbers.iter().enumerate().map(|(at, n)| format!("{} {}", x(at), round(scale.y(*n)))).collect();
    let path = format!("M{}", points.join(" L"));
    let ground = format!("{path} L{} {BOTTOM} L{} {BOTTOM}Z", x(numbers.len().saturating_sub(1)), x(0));
    let end = numbers.last().map(|n| json!({"x": x(numbers.len() - 1), "y": round(scale.y(*n))}));
    chart(&scale, labels, slot, json!({"path": path, "ground": ground, "end": end}))
}

fn chart(scale: &Scale, labels: &[String], slot: f64, mut drawn: Value) -> Value {
    let each = labels.len().div_ceil(NAMED).max(1);
    let named = labels.iter().enumerate().step_by(each);
    drawn["width"] = WIDTH.into();
    drawn["height"] = HEIGHT.into();
    drawn["left"] = LEFT.into();
    drawn["lines"] =
        (0..=scale.lines).map(|at| at * scale.step).map(|n| json!({"n": n, "y": round(scale.y(n))})).collect();
    drawn["labels"] =
        named.map(|(at, text)| json!({"x": round(LEFT + slot * at as f64 + slot / 2.0), "text": text})).collect();
    drawn
}

/// A scale from nothing up, whose lines are 1, 2 or 5 times a power of ten apart.
struct Scale {
    step: i64,
    lines: i64,
}

impl Scale {
    fn of(most: i64) -> Scale {
        let most = most.max(1);
        let mut steps = (0..18).flat_map(|power| [1, 2, 5].map(|times| times * 10_i64.pow(power)));
        let step = steps.find(|step| most.div_euclid(*step) < 5).unwrap_or(most);
        Scale { step, lines: (most + step - 1) / step }
    }

    fn y(&self, n: i64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * n as f64 / (self.step * self.lines) as f64
    }
}

/// A tenth of a unit is enough.
fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_holds_the_most_and_has_few_lines() {
        for (most, step, lines) in [(0, 1, 1), (1, 1, 1), (4, 1, 4), (5, 2, 3), (34, 10, 4), (74, 20, 4), (481, 100, 5)]
        {
            let scale = Scale::of(most);
            assert_eq!((scale.step, scale.lines), (step, lines), "{most}");
            assert!(step * lines >= most && scale.y(most) >= TOP);
        }
    }

    #[test]
    fn bars_stand_on_one_another_and_within_the_frame() {
        let labels: Vec<String> = (0..30).map(|day| day.to_string()).collect();
        let chart = bars(&labels, &[vec![3; 30], vec![0; 30], vec![1; 30]]);
        let bars = chart["bars"].as_array().unwrap();
        assert_eq!(bars.len(), 60, "what is nothing is not drawn");
        let number = |bar: &Value, what: &str| bar[what].as_f64().unwrap();
        for pair in bars.chunks(2) {
            assert!(number(&pair[1], "y") + number(&pair[1], "height") <= number(&pair[0], "y"));
            assert!(number(&pair[1], "y") >= TOP && number(&pair[0], "x") + number(&pair[0], "width") <= WIDTH);
        }
        assert!(chart["labels"].as_array().unwrap().len() <= NAMED);
        assert_eq!(line(&[], &[])["end"], Value::Null);
    }
}
