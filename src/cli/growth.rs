//! `growth`.

use yugu::error::Problems;
use yugu::explain::find::{self, Found};
use yugu::grid::{Grid, Scope};
use yugu::messages::Lang;
use yugu::messages::growth as say;
use yugu::messages::planning;
use yugu::report;
use yugu::report::growth::Grown;
use yugu::analysis::dated::{self, Event};
use yugu::analysis::decompose::{self, Measure};

use super::arguments::{Grew, Growth};
use super::{Stop, load, name_of, output, sources};

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
    let Some(origin) = data.origin(data.as_of) else {
        let mut problems = Problems::default();
        problems.error(None, "nothing_complete", planning::nothing_complete(data.as_of));
        return Err(Stop::Data(problems));
    };
    let known = data.at(origin);
    let scope = scope(&data.grid, &args.product)?;
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

/// The product or group of a code or a name; everything where nothing is said.
fn scope(grid: &Grid, name: &str) -> Result<Scope, Stop> {
    if name.is_empty() {
        return Ok(Scope::All);
    }
    match find::product(grid, name).map_err(Stop::Failed)? {
        Found::Product(product) => Ok(Scope::Product(product)),
        Found::Group(group) => Ok(Scope::Group(group)),
    }
}
