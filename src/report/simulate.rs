//! The page of `yugu stock --simulate`.

use super::table::{Table, number, percent, signed};
use crate::messages::Lang;
use crate::messages::stock as say;
use crate::simulate::{Outcome, Played, Policy, Simulated};

/// The page; `folder` is what the user calls the folder.
pub fn page(found: &Simulated, folder: &str, lang: Lang) -> String {
    let mut out = String::new();
    let s = &found.supply;
    let lines = [
        say::played(folder, found.series, &found.first.0, &found.second.1),
        say::played_with(s.lead, s.review, &number(s.pack, 0), &number(s.opening, 1), &percent(Some(s.service))),
        say::played_demand(&number(found.known_demand, 0), &number(found.recovered_demand, 0)),
        say::played_levels(found.levels.0, found.levels.1),
    ];
    for line in lines {
        out.push_str(line.get(lang));
        out.push('\n');
    }
    let (first, second) = (&found.first, &found.second);
    let of = |played: &Played, section: usize| -> Outcome { [played.first, played.second, played.whole][section] };
    let spans = [(&first.0, &first.1), (&second.0, &second.1), (&first.0, &second.1)];
    for (section, (from, to)) in spans.into_iter().enumerate() {
        let of = |played: &Played| of(played, section);
        let title = say::half(from, to);
        out.push_str(&format!("\n{}\n", title.get(lang)));
        let mut table = Table::new(&[]);
        let heads = [
            say::policy(),
            say::cycle_service(),
            say::cycle_known(),
            say::levels_held(),
            say::fill_rate(),
            say::average_stock(),
            say::to_ours(),
            say::turns(),
            say::lost_units(),
        ];
        table.row(heads.iter().map(|h| h.get(lang).to_owned()).collect());
        table.rule();
        let ours = found.policies.first().map_or(0.0, |p| of(p).average_stock);
        for played in &found.policies {
            let o = of(played);
            let name = match played.policy {
                Policy::Forecast => say::policy_forecast(),
                Policy::LastMonth(cover) => say::policy_last_month(&number(cover, 2)),
                Policy::MeanAndDeviations(k) => say::policy_mean(&number(k, 2)),
            };
            let more = (ours > 0.0).then(|| (o.average_stock / ours - 1.0) * 100.0);
            table.row(vec![
                name.get(lang).to_owned(),
                percent(Some(o.cycle_service)),
                percent(Some(o.cycle_service_known)),
                percent(Some(o.levels_held)),
                percent(Some(o.fill_rate)),
                number(o.average_stock, 0),
                format!("{}%", signed(more, 1)),
                number(o.turns, 2),
                number(o.lost, 0),
            ]);
        }
        out.push_str(&table.text());
    }
    out.push_str(say::about_played().get(lang));
    out.push('\n');
    out
}
