//! `growth`.

use yugu::analysis::dated::{self, Event};
use yugu::analysis::decompose::{self, Measure};
use yugu::grid::Scope;
use yugu::messages::Lang;
use yugu::messages::growth as say;
use yugu::report;
use yugu::report::growth::Grown;

use super::arguments::{Grew, Growth};
use super::{Stop, known, load, name_of, output, scope, sources};

impl From<Grew> for Measure {
    fn from(grew: Grew) -> Measure {
        match grew {
            Grew::Revenue => Measure::Revenue,
            Grew::Appliances => Measure::Appliances,
            Grew::Premiums => Measure::Premiums,
            Grew::Units => Measure::Units,
        }
    }
}

/// Splits a year's growth and prints the page (or what a program asked for).
pub fn growth(args: &Growth, asked: Option<Lang>) -> Result<(), Stop> {
    let (loaded, lang) = load(&args.common, asked)?;
    let data = &loaded.dataset;
    let known = known(data)?;
    let scope = if args.product.is_empty() { Scope::All } else { scope(&data.grid, &args.product)? };
    let years =
        args.years.or_else(|| decompose::last_years(&known)).ok_or_else(|| Stop::Failed(say::no_two_years()))?;
    let measure = Measure::from(args.measure);
    let split = decompose::decompose(&known, measure, scope, years).map_err(Stop::Failed)?;
    let events = known.factors.iter().map(|factor| Event::from(*factor)).chain(args.change.map(Event::since));
    let touches = |event: &Event| {
        let year = |month| data.fiscal_year(month);
        let [from, to] = [years[0].min(years[1]), years[0].max(years[1])];
        year(event.from) <= to && year(event.to) >= from
    };
    let changes = events.filter(touches).flat_map(|event| dated::changes(&known, measure, scope, &event)).collect();
    let grown = Grown { known: &known, scope, split, changes, lang };
    if args.json {
        return output::print(&report::growth::json(&grown, &sources(&loaded.inputs)));
    }
    if args.csv {
        return output::print(&report::growth::table(&grown).csv());
    }
    output::page(&report::growth::page(&grown, &name_of(&args.common.folder)))
}
