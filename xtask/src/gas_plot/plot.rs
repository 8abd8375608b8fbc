//! The plot: a dot for each figure on a logarithmic axis.

use super::figures::{Figure, Figures, number};

const LEFT: u32 = 390;
const WIDTH: u32 = 900;
const MARGIN: u32 = 30;
const TOP: u32 = 56;
const ROW_HEIGHT: u32 = 30;
/// The ends of the axis, as powers of ten.
const AXIS: std::ops::Range<f64> = 3.0..6.5;

const STYLE: &str = "<style>
svg { background: #fff; font: 13px system-ui, sans-serif; fill: #222 }
.axis { font-size: 11px; fill: #666 } .grid { stroke: #ddd }
.ours { fill: #1a6fb5 } .limit { stroke: #1a6fb5; stroke-width: 2 }
circle.peer { fill: #c8641e } line.peer { stroke: #c8641e; stroke-width: 2 }
</style>";
const LEGEND: &str = r#"<circle class="ours" cx="390" cy="20" r="5"/><text x="402" y="24">this module, cached</text>
<line class="limit" x1="555" x2="555" y1="12" y2="28"/><text x="565" y="24">its budget</text>
<circle class="peer" cx="660" cy="20" r="4"/><text x="672" y="24">SmartSession v1 (gas, log scale)</text>"#;

/// Returns the plot as an SVG document.
pub(super) fn draw(figures: &Figures<'_>) -> String {
    let rows = u32::try_from(figures.0.len()).unwrap_or(u32::MAX);
    let height = rows.saturating_mul(ROW_HEIGHT).saturating_add(TOP + 30);
    let mut lines = vec![
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Gas by operation, logarithmic: this module, its budget, SmartSession v1">"#
        ),
        STYLE.to_owned(),
        LEGEND.to_owned(),
    ];
    for gas in [1_000, 10_000, 100_000, 1_000_000] {
        let (x, bottom) = (x(gas), height.saturating_sub(24));
        lines.push(format!(
            r#"<line class="grid" x1="{x}" x2="{x}" y1="{}" y2="{bottom}"/>"#,
            TOP - 16
        ));
        lines.push(format!(
            r#"<text class="axis" x="{x}" y="{}" text-anchor="middle">{}</text>"#,
            height.saturating_sub(8),
            number(gas)
        ));
    }
    for (index, figure) in (0..).zip(&figures.0) {
        draw_row(&mut lines, figure, ROW_HEIGHT.saturating_mul(index).saturating_add(TOP));
    }
    lines.push("</svg>\n".to_owned());
    lines.join("\n")
}

fn draw_row(lines: &mut Vec<String>, figure: &Figure<'_>, y: u32) {
    let row = figure.cached;
    let name = row.row.replace('&', "&amp;").replace('<', "&lt;");
    lines.push(format!(
        r#"<text x="{}" y="{}" text-anchor="end">{name}</text>"#,
        LEFT - 14,
        y.saturating_add(4)
    ));
    if let Some(peer) = figure.peer {
        let [least, most] = peer.map(x);
        lines.push(format!(r#"<line class="peer" x1="{least}" x2="{most}" y1="{y}" y2="{y}"/>"#));
        for x in [least, most] {
            lines.push(format!(r#"<circle class="peer" cx="{x}" cy="{y}" r="4"/>"#));
        }
    }
    let limit = x(row.must_be);
    lines.push(format!(
        r#"<line class="limit" x1="{limit}" x2="{limit}" y1="{}" y2="{}"/>"#,
        y.saturating_sub(8),
        y.saturating_add(8)
    ));
    let ours = x(row.counted());
    lines.push(format!(r#"<circle class="ours" cx="{ours}" cy="{y}" r="5"/>"#));
}

/// Returns where gas stands on the axis.
fn x(gas: u64) -> String {
    // Gas of a transaction is far below 2^32.
    let gas = f64::from(u32::try_from(gas).unwrap_or(u32::MAX));
    let part = (gas.log10() - AXIS.start) / (AXIS.end - AXIS.start);
    let x = part.mul_add(f64::from(WIDTH - LEFT - MARGIN), f64::from(LEFT));
    format!("{x:.1}")
}

#[cfg(test)]
mod tests {
    use super::x;

    #[test]
    fn the_axis_begins_at_1_000_and_is_logarithmic() {
        // 480 wide for three and a half powers of ten.
        assert_eq!([1_000, 10_000, 100_000].map(x), ["390.0", "527.1", "664.3"]);
    }
}
