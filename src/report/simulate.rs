//! The page of `yugu stock --simulate`.

use super::table::{Printed, maybe, number, percent, signed};
use crate::messages::orders as papers;
use crate::messages::stock as say;
use crate::messages::{Lang, Text};
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
        let mut table = Printed::new(&[]);
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
        table.head(heads.iter().map(|h| h.get(lang).to_owned()).collect());
        let ours = found.policies.first().map_or(0.0, |p| of(p).average_stock);
        for played in &found.policies {
            let o = of(played);
            let more = (ours > 0.0).then(|| (o.average_stock / ours - 1.0) * 100.0);
            table.row(vec![
                name(played.policy).get(lang).to_owned(),
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
        out.push_str(&in_money(found, section, lang));
    }
    out.push_str(say::about_played().get(lang));
    out.push('\n');
    out
}

/// What the policies cost over some months, in yuan; nothing where no price is known.
fn in_money(found: &Simulated, section: usize, lang: Lang) -> String {
    let of = |played: &Played| [played.first, played.second, played.whole][section];
    if found.policies.iter().all(|p| of(p).stock_value.is_none() && of(p).ordering_cost == 0.0) {
        return String::new();
    }
    let mut table = Printed::new(&[]);
    let heads = [
        say::policy(),
        papers::stock_value(),
        papers::holding_cost(),
        papers::orders(),
        papers::ordering_cost(),
        papers::margin_lost(),
        papers::all_costs(),
    ];
    table.head(heads.iter().map(|h| h.get(lang).to_owned()).collect());
    for played in &found.policies {
        let o = of(played);
        let whole = |x: Option<f64>| x.map(f64::round);
        // The sum of what is printed.
        let all = whole(o.holding_cost).zip(whole(o.lost_margin)).map(|(a, b)| a + b + o.ordering_cost.round());
        table.row(vec![
            name(played.policy).get(lang).to_owned(),
            maybe(o.stock_value, 0),
            maybe(o.holding_cost, 0),
            number(o.orders as f64, 0),
            number(o.ordering_cost, 0),
            maybe(o.lost_margin, 0),
            maybe(all, 0),
        ]);
    }
    table.text()
}

/// What a policy is called.
fn name(policy: Policy) -> Text {
    match policy {
        Policy::Forecast => say::policy_forecast(),
        Policy::LastMonth(cover) => say::policy_last_month(&number(cover, 2)),
        Policy::MeanAndDeviations(k) => say::policy_mean(&number(k, 2)),
    }
}
