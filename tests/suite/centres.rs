//! Less data than the example company has: new centres, centres without sales by community, stated rates, three months
//! of one community; renewals, commissions by party and counters by date (docs/METHOD.md#communities).

use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use yugu::dataset::rates::Measure as Rated;
use yugu::error::Problems;
use yugu::folder::{self, LoadError};
use yugu::grid::{COMPANY, Scope};
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::View;
use yugu::report::communities::Report;
use yugu::report::communities::figures::{Measure, Of};
use yugu::stages::community::Projection;
use yugu::stages::community::purchase::Basis;
use yugu::stats::life_table::Seen;

type Files<'a> = &'a [(&'a str, String)];

const PRODUCTS: &str = "product,category,kind,price,cost,term_months\nhob,stove,goods,900,600,\noven,stove,goods,1500,\
                        900,\none,policy,policy,100,,12\nthree,policy,policy,200,,36\n";

fn run(files: Files, as_of: &str) -> Result<Outlook, Problems> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let as_of = NaiveDate::parse_from_str(as_of, "%Y-%m-%d").unwrap();
    match folder::load(dir.path(), Some(as_of), as_of) {
        Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

fn lines(problems: &Problems) -> Vec<String> {
    problems.sorted().iter().map(|p| p.line(Lang::En)).collect()
}

fn plan(files: Files, as_of: &str) -> Outlook {
    run(files, as_of).unwrap_or_else(|p| panic!("{:#?}", lines(&p)))
}

fn of(outlook: &Outlook) -> &Projection {
    outlook.point.communities.as_ref().unwrap()
}

fn month(text: &str) -> Month {
    Month::of(NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").unwrap())
}

/// Forecast of a region's product in a month, unrounded.
fn units(outlook: &Outlook, region: &str, product: &str, when: &str) -> f64 {
    let grid = &outlook.dataset.grid;
    let node = (0..grid.regions.len()).find(|n| grid.regions.code(*n) == region).unwrap();
    let product = grid.products.codes.iter().position(|code| code == product).unwrap();
    let k = outlook.months().iter().position(|m| *m == month(when)).unwrap();
    grid.in_scope(node, Scope::Product(product)).into_iter().map(|s| outlook.point.revision.exact[(s, k)]).sum()
}

fn figure(outlook: &Outlook, region: &str, measure: Measure, when: &str) -> Option<f64> {
    let view = View::new(outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let h = report.figures.months().iter().position(|m| *m == month(when)).unwrap();
    let grid = &outlook.dataset.grid;
    let node = (0..grid.regions.len()).find(|n| grid.regions.code(*n) == region).unwrap();
    report.figures.figure(Of::Node(node), measure, h..h + 1).map(|f| f.value)
}

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
}

/// `2023-01` and so on.
fn at(t: usize) -> String {
    format!("{}-{:02}", 2022 + t / 12, t % 12 + 1)
}

/// A community of 500 households each month, of which 30, 20 and 10% sign in the months from its handover on: 300 a
/// month in all. A fifth buys, three hobs for each oven; three in ten take a policy, two of one year for each of three.
/// The centre sells that; `by_community` says so community by community. Then one of 2,000 households is handed over in
/// the month after the next at `region`.
fn city(months: usize, region: &str, by_community: bool) -> Vec<(&'static str, String)> {
    let mut communities = "community,region,households,handover\n".to_owned();
    let mut signings = "month,community,households\n".to_owned();
    let mut sold = "month,community,product,units\n".to_owned();
    let mut sales = "month,region,product,units\n".to_owned();
    let takes = |n: f64| [("hob", 0.15), ("oven", 0.05), ("one", 0.2), ("three", 0.1)].map(|(p, share)| (p, n * share));
    for t in 0..months {
        // Those of the two months before were handed over before the data begin.
        for lag in 0..3_usize {
            let n = [150.0, 100.0, 50.0][lag];
            let code = format!("K{:02}", t + 2 - lag);
            writeln!(signings, "{},{code},{n}", at(t)).unwrap();
            for (product, units) in takes(n) {
                writeln!(sold, "{},{code},{product},{units}", at(t)).unwrap();
            }
        }
        for (product, units) in takes(300.0) {
            writeln!(sales, "{},old,{product},{units}", at(t)).unwrap();
        }
    }
    for k in 0..months + 2 {
        let handed = if k < 2 { format!("2021-{:02}", 11 + k) } else { at(k - 2) };
        writeln!(communities, "K{k:02},old,500,{handed}").unwrap();
    }
    writeln!(communities, "NEW,{region},2000,{}", at(months + 1)).unwrap();
    let mut out = vec![
        ("communities.csv", communities),
        ("signings.csv", signings),
        ("sales.csv", sales),
        ("products.csv", PRODUCTS.to_owned()),
        ("regions.csv", "region\nold\nnew\n".to_owned()),
    ];
    if by_community {
        out.push(("community_sales.csv", sold));
    }
    out
}

/// 30% of 2,000 sign: 600.
const NEW_SIGNS: f64 = 600.0;

#[test]
fn r29_a_new_centre_sells_what_its_communities_buy() {
    let months = 24;
    let outlook = plan(&city(months, "new", true), "2023-12-31");
    let when = at(months + 1);
    // By hand: a fifth of 600 buys, three hobs for each oven; 30% take a policy, two to one.
    for (product, wanted) in [("hob", 90.0), ("oven", 30.0), ("one", 120.0), ("three", 60.0)] {
        near(units(&outlook, "new", product, &when), wanted, 0.06 * wanted);
    }
    // In its first month nothing is handed over yet.
    assert_eq!(units(&outlook, "new", "hob", &at(months)), 0.0);
    // It makes no difference to the company which centre it is.
    let before = plan(&city(months, "old", true), "2023-12-31");
    for product in ["hob", "oven", "one", "three"] {
        let [new, old] = [&outlook, &before].map(|o| units(o, "new", product, &when) + units(o, "old", product, &when));
        near(new, old, 0.06 * old);
    }
    let revenue = figure(&outlook, "new", Measure::Revenue, &when).unwrap();
    near(revenue, 90.0 * 900.0 + 30.0 * 1500.0, 8000.0);
}

#[test]
fn r29_conversion_and_take_up_come_from_signings_and_the_centres_sales() {
    let months = 24;
    let outlook = plan(&city(months, "old", false), "2023-12-31");
    let p = of(&outlook);
    assert_eq!([&p.goods, &p.policies].map(|x| x.as_ref().unwrap().basis), [Basis::Centres; 2]);
    let signings: f64 = p.signings.ahead.column(1).sum();
    // The two communities handed over last still sign 100 and 50; nobody else is to come: a month later 600 + 50.
    near(signings, NEW_SIGNS + 50.0, 40.0);
    // Buyers are counted by the goods of the group sold most: hobs and ovens, a fifth; policies 30%.
    near(units(&outlook, "old", "hob", &at(months + 1)), 0.15 * signings, 2.0);
    near(units(&outlook, "old", "oven", &at(months + 1)), 0.05 * signings, 1.0);
    near(units(&outlook, "old", "one", &at(months + 1)), 0.2 * signings, 2.0);
    // All that the centre sold was theirs: nothing is left that would be counted twice.
    assert!(p.named.iter().zip(&outlook.dataset.units).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn r29_walk_ins_are_told_from_buyers_where_signings_move() {
    let months = 24;
    let mut files = city(months, "old", false);
    // Signings that move from month to month; 40 walk in and buy a hob each month.
    let mut signings = "month,community,households\n".to_owned();
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..months {
        let n = [400.0, 100.0, 250.0, 50.0, 300.0, 20.0, 150.0][(t * t + t) % 7];
        writeln!(signings, "{},K{:02},{n}", at(t), t + 2).unwrap();
        writeln!(sales, "{},old,hob,{}", at(t), 40.0 + 0.2 * n).unwrap();
        writeln!(sales, "{},old,one,{}", at(t), 0.3 * n).unwrap();
    }
    files.retain(|(name, _)| !["signings.csv", "sales.csv"].contains(name));
    files.extend([("signings.csv", signings), ("sales.csv", sales)]);
    let outlook = plan(&files, "2023-12-31");
    let goods = of(&outlook).goods.as_ref().unwrap();
    near(*goods.flow.rates.last().unwrap(), 0.2, 0.02);
    let explained = goods.explained.as_ref().unwrap();
    // All but the 40 of a month are buyers.
    for t in 12..months {
        let sold = outlook.dataset.units.column(t)[0];
        near(explained[(0, t)] * sold, sold - 40.0, 4.0);
    }
}

/// Two communities of 1,000 and 500 households to come, no signings; `rates`.
fn no_record(rates: &str) -> Vec<(&'static str, String)> {
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..6 {
        for (product, units) in [("hob", 30), ("oven", 10), ("one", 40), ("three", 20)] {
            writeln!(sales, "{},old,{product},{units}", at(t)).unwrap();
        }
    }
    let mut out = vec![
        ("sales.csv", sales),
        ("products.csv", PRODUCTS.to_owned()),
        ("communities.csv", "community,region,households,handover\nA,old,1000,2022-08\nB,old,500,2022-09\n".to_owned()),
    ];
    if !rates.is_empty() {
        out.push(("rates.csv", format!("from,measure,lag,product,value\n{rates}")));
    }
    out
}

const STATED: &str = "2022-01,signing,0,,40%\n2022-01,signing,1,,20%\n2022-01,conversion,,,25%\n2022-01,take_up,,one,30%\n\
                      2022-01,take_up,,three,10%\n2022-01,units_per_buyer,,stove,1.2\n";

#[test]
fn r29_without_signings_stated_rates_are_the_forecast() {
    let outlook = plan(&no_record(STATED), "2022-06-30");
    // August: 40% of 1,000 sign, a quarter buys 1.2 of the group each, three to one; 30 and 10% take a policy. Beside
    // them 30, 10, 40 and 20 go on as they did.
    for (product, usual, theirs) in
        [("hob", 30.0, 90.0), ("oven", 10.0, 30.0), ("one", 40.0, 120.0), ("three", 20.0, 40.0)]
    {
        near(units(&outlook, "old", product, "2022-08"), usual + theirs, 1e-6);
        near(units(&outlook, "old", product, "2022-07"), usual, 1e-6);
    }
    // September: 20% of 1,000 and 40% of 500.
    near(figure(&outlook, "", Measure::Signings, "2022-09").unwrap(), 400.0, 1e-6);
    let p = of(&outlook);
    assert!(!p.record.is_recorded && p.goods.as_ref().unwrap().basis == Basis::Stated);
    assert!((0..4).all(|lag| p.signings.curve.seen(lag) == Seen::Stated));
    // What rests on 200 signings that nobody saw is not known to a few percent.
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let buyers = report.figures.figure(Of::Node(COMPANY), Measure::Buyers, 1..6).unwrap();
    assert!(buyers.bounds[0] < 0.7 * buyers.value && buyers.bounds[1] > 1.35 * buyers.value, "{buyers:?}");
}

#[test]
fn r29_without_signings_and_rates_nothing_is_projected_and_that_is_said() {
    let outlook = plan(&no_record(""), "2022-06-30");
    assert!(outlook.point.communities.is_none());
    let told = lines(&outlook.warnings);
    assert!(told.iter().any(|l| l.contains("2 communities are listed") && l.contains("rates")), "{told:?}");
    // Signing alone says nothing of what they buy.
    let outlook = plan(&no_record("2022-01,signing,0,,40%\n"), "2022-06-30");
    let told = lines(&outlook.warnings);
    assert!(told.iter().any(|l| l.contains("conversion")) && told.iter().any(|l| l.contains("take_up")), "{told:?}");
}

#[test]
fn r29_a_stated_rate_gives_way_to_the_record_since_it_holds() {
    let months = 24;
    let used = |from: &str| {
        let mut files = city(months, "old", true);
        files.push(("rates.csv", format!("from,measure,value\n{from},conversion,50%\n")));
        let outlook = plan(&files, "2023-12-31");
        let goods = of(&outlook).goods.clone().unwrap();
        let (_, value, record) = goods.stated.as_ref().unwrap().given[0].clone().unwrap();
        (goods.rate(0, months, months), value, record)
    };
    // From the next month on: nothing on record since, the stated rate holds whole.
    assert_eq!(used("2024-01"), (0.5, 0.5, 0.0));
    // For two months: 600 signings beside 200. For two years: 7,200.
    let (two, _, record) = used("2023-11");
    near(record, 600.0, 1.0);
    near(two, (200.0 * 0.5 + 600.0 * 0.2) / 800.0, 2e-3);
    let (long, _, record) = used("2022-01");
    near(record, 7200.0, 10.0);
    near(long, (200.0 * 0.5 + 7200.0 * 0.2) / 7400.0, 2e-3);
}

#[test]
fn r29_what_a_printed_year_gives_comes_after_what_is_stated() {
    let totals =
        "period,region,measure,value\n2021,,buyer_share,16%\n2021,,new_households,1000\n2021,,premiums,26667\n";
    let mut files = no_record("2022-01,signing,0,,40%\n");
    files.push(("totals.csv", totals.to_owned()));
    let outlook = plan(&files, "2022-06-30");
    let p = of(&outlook);
    near(p.goods.as_ref().unwrap().rate(0, p.record.months + 1, p.record.months), 0.16, 1e-9);
    // 40 policies of 100 and 20 of 200 a month: 133.33 on average, so 200 policies of 1,000 households.
    near(p.policies.as_ref().unwrap().rate(0, p.record.months + 1, p.record.months), 0.2, 1e-4);
    let mut files = no_record(STATED);
    files.push(("totals.csv", totals.to_owned()));
    let outlook = plan(&files, "2022-06-30");
    let p = of(&outlook);
    near(p.goods.as_ref().unwrap().rate(0, p.record.months + 1, p.record.months), 0.25, 1e-9);
    near(p.policies.as_ref().unwrap().rate(0, p.record.months + 1, p.record.months), 0.4, 1e-9);
}

#[test]
fn r29_rates_that_cannot_be_are_errors_where_they_stand() {
    for (rates, wanted) in [
        ("2022-01,signing,,,40%\n", "months since the handover"),
        ("2022-01,signing,0,,70%\n2022-01,signing,1,,40%\n", "110.0%"),
        ("2022-01,conversion,,hob,20%\n", "whatever they buy"),
        ("2022-01,units_per_buyer,,,2\n", "name the product or group"),
        ("2022-01,take_up,,hob,20%\n", "product of the kind policy"),
        ("2022-01,conversion,,,120%\n", "120%"),
        ("2022-01,buying,,,20%\n", "signing, conversion"),
        ("2022-01,conversion,,,20%\n2022-01,conversion,,,30%\n", "rates.csv:3:"),
    ] {
        let found = run(&no_record(rates), "2022-06-30").map(|_| ()).unwrap_err();
        assert!(lines(&found).iter().any(|l| l.contains(wanted)), "{rates}: {:?}", lines(&found));
    }
    assert_eq!(Rated::TakeUp.word(), "take_up");
}

/// One community that has signed 200, 150 and 100 of 1,000 in three months, and bought a tenth; another to come.
fn three_months() -> Vec<(&'static str, String)> {
    let mut sales = "month,region,product,units\n".to_owned();
    let mut sold = "month,community,product,units\n".to_owned();
    for (t, n) in [200, 150, 100].into_iter().enumerate() {
        writeln!(sales, "{},old,hob,{}", at(t), n / 10 + 3).unwrap();
        writeln!(sold, "{},A,hob,{}", at(t), n / 10).unwrap();
    }
    vec![
        (
            "communities.csv",
            "community,region,households,handover\nA,old,1000,2022-01\nB,old,1000,2022-05\n".to_owned(),
        ),
        ("signings.csv", "month,community,households\n2022-01,A,200\n2022-02,A,150\n2022-03,A,100\n".to_owned()),
        ("sales.csv", sales),
        ("community_sales.csv", sold),
        ("products.csv", PRODUCTS.to_owned()),
    ]
}

#[test]
fn r29_of_one_community_nothing_is_called_observed_that_was_not() {
    let outlook = plan(&three_months(), "2022-03-31");
    let p = of(&outlook);
    let curve = &p.signings.curve;
    // A was there at months 0 to 2; B, which comes in May, at 4 to 2 months before; the month before the handover nobody.
    let seen: Vec<Seen> = (-4..5).map(|lag| curve.seen(lag)).collect();
    use Seen::{Between, Beyond, Observed};
    assert_eq!(seen, [Observed, Observed, Observed, Between, Observed, Observed, Observed, Beyond, Beyond]);
    // Nobody was seen to sign before the handover, so nobody is expected to; then it falls as it fell: by .707 a month.
    assert_eq!(curve.at(-1), 0.0);
    let fall = 0.5_f64.sqrt();
    near(curve.at(3), 0.1 * fall, 1e-9);
    near(curve.at(4), 0.1 * fall * fall, 1e-9);
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let tables = report.tables();
    let learned = String::from_utf8(tables.iter().find(|(name, _)| *name == "learned").unwrap().1.csv()).unwrap();
    assert!(
        learned.contains("signing_by_lag,between observed,'-1,") && learned.contains("3 months to 2022-03"),
        "{learned}"
    );
    // B's year is known to a third either way, not to a twelfth; and the sum's bounds are no narrower.
    for (measure, width) in [(Measure::Signings, 0.3), (Measure::Buyers, 0.4)] {
        let found = report.figures.figure(Of::Community(1), measure, 0..9).unwrap();
        assert!(found.bounds[1] > (1.0 + width) * found.value, "{found:?}");
        assert!(found.bounds[0] < (1.0 - 0.7 * width) * found.value, "{found:?}");
    }
}

#[test]
fn r29_renewals_are_stated_unless_the_folder_names_them() {
    let months = 24;
    // 100 of one year run out in the month after the data, 50 of three years beside them.
    let with = |renewal: &str, rates: &str| {
        let mut files = city(months, "old", true);
        let mut policies = format!("sold,product,units,region,expires{renewal}\n");
        let end = if renewal.is_empty() { "" } else { "," };
        for t in 0..months {
            writeln!(policies, "{},one,30,old,{}{end}", at(t), at(t + 12)).unwrap();
            // Of 30 that ran out a year later 9 were renewed, each time in the same month.
            if t >= 12 && !renewal.is_empty() {
                writeln!(policies, "{},one,9,old,{},yes", at(t), at(t + 40)).unwrap();
            }
        }
        writeln!(policies, "2022-06,three,10,old,{}{end}", at(months)).unwrap();
        files.push(("policies.csv", policies));
        if !rates.is_empty() {
            files.push(("rates.csv", format!("from,measure,product,value\n{rates}")));
        }
        let outlook = plan(&files, "2023-12-31");
        let p = of(&outlook).renewals.clone().unwrap();
        let code = |c: &str| outlook.dataset.grid.products.codes.iter().position(|x| x == c).unwrap();
        (
            ["one", "three"].map(|c| p.rates[code(c)].iter().sum::<f64>()),
            ["one", "three"].map(|c| p.ahead[code(c)][1][0] + p.ahead[code(c)][0][0]),
            p.learned_from,
        )
    };
    // Not named: 40% of what runs out, in the month in which it does.
    let (rates, ahead, learned) = with("", "");
    assert_eq!((rates, learned), ([0.4, 0.4], 0.0));
    near(ahead[0], 30.0 * 0.4, 1e-9);
    near(ahead[1], 10.0 * 0.4, 1e-9);
    let (rates, _, _) = with("", "2022-01,renewal,,60%\n2022-01,renewal,three,10%\n");
    assert!((rates[0] - 0.6).abs() < 1e-12 && (rates[1] - 0.1).abs() < 1e-12, "{rates:?}");
    // Named: 9 of 30, drawn a little to the 40% that count for 200.
    let (rates, _, learned) = with(",renewal", "");
    assert!(learned > 300.0 && (0.3..0.36).contains(&rates[0]), "{rates:?} {learned}");
}

#[test]
fn commissions_by_party_are_of_all_premiums_and_a_station_earns_in_anothers_place() {
    let months = 24;
    let scheme = "scheme,from,party,rate,instead_of\nB,2022-01,front,10%,\nB,2022-01,department,2%,\nB,2022-01,\
                  station,3%,department\n";
    let with = |regions: &str| {
        let mut files = city(months, "new", true);
        files.retain(|(name, _)| *name != "regions.csv");
        files.extend([("regions.csv", regions.to_owned()), ("commissions.csv", scheme.to_owned())]);
        run(&files, "2023-12-31")
    };
    let outlook = with("region,party\nold,\nnew,station\n").unwrap();
    let when = at(months + 1);
    let premiums =
        |region: &str| 100.0 * units(&outlook, region, "one", &when) + 200.0 * units(&outlook, region, "three", &when);
    let (old, new) = (premiums("old"), premiums("new"));
    assert!(old > 0.0 && new > 0.0);
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    assert_eq!(report.figures.parties(), ["front", "department", "station"]);
    let paid = |region: &str, party: usize| figure(&outlook, region, Measure::Commission(party), &when).unwrap();
    for (party, wanted) in [(0, 0.1 * (old + new)), (1, 0.02 * old), (2, 0.03 * new)] {
        near(paid("", party), wanted, 1e-6 * wanted);
    }
    near(paid("new", 2), 0.03 * new, 1e-6);
    near(figure(&outlook, "", Measure::Commissions, &when).unwrap(), 0.12 * old + 0.13 * new, 1e-6 * old);
    let found = with("region,party\nold,\nnew,depot\n").map(|_| ()).unwrap_err();
    assert!(lines(&found).iter().any(|l| l.contains("regions.csv:3:5") && l.contains("depot")), "{:?}", lines(&found));
}

#[test]
fn counters_hold_from_their_month_on_and_people_missing_are_counted() {
    let months = 24;
    let with = |counters: &str| {
        let mut files = city(months, "old", true);
        files.push(("counters.csv", format!("from,region,kind,counters,hours,people_per_counter\n{counters}")));
        files.push(("yugu.toml", "[load]\nminutes_per_contract = 60\n".to_owned()));
        plan(&files, "2023-12-31")
    };
    let when = at(months + 1);
    // One counter until the month of the handover, then four; those for topping up sign nothing.
    let outlook = with(&format!("2022-01,old,,1,2,1.5\n2022-01,old,top_up,9,,\n{when},old,contract,4,2,1.5\n"));
    let need = |outlook: &Outlook, when: &str| figure(outlook, "old", Measure::People, when).unwrap();
    let short = |outlook: &Outlook, when: &str| figure(outlook, "old", Measure::PeopleShort, when);
    near(short(&outlook, &at(months)).unwrap(), need(&outlook, &at(months)) - 1.5, 1e-9);
    near(short(&outlook, &when).unwrap(), (need(&outlook, &when) - 6.0).max(0.0), 1e-9);
    assert!(need(&outlook, &when) > 6.0, "{}", need(&outlook, &when));
    // Twice the hours need half the counters.
    let longer = with("2022-01,old,,1,4,1.5\n");
    assert!(need(&longer, &when) <= need(&outlook, &when) / 2.0 + 1.5);
    // Nobody says how many there are.
    assert_eq!(short(&plan(&city(months, "old", true), "2023-12-31"), &when), None);
}

#[test]
fn the_articles_two_pages_give_the_forecast_of_their_readme() {
    let loaded = folder::load("data/article".as_ref(), None, NaiveDate::from_ymd_opt(2014, 7, 1).unwrap())
        .unwrap_or_else(|_| panic!("data/article"));
    let outlook = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
    // August 2014: 20% of 9,000, 50% of 5,000 and 30% of 6,250 sign.
    let signings = 1800.0 + 2500.0 + 1875.0;
    near(figure(&outlook, "city", Measure::Signings, "2014-08").unwrap(), signings, 1e-6);
    near(units(&outlook, "city", "APP", "2014-08"), 0.19 * signings, 1.0);
    near(figure(&outlook, "city", Measure::Revenue, "2014-08").unwrap(), 0.19 * signings * 2006.32, 1.0);
    let policies = signings * 9_650_000.0 / 200.0 / 75_000.0;
    for product in ["INS-1Y", "INS-3Y", "INS-5Y"] {
        near(units(&outlook, "city", product, "2014-08"), policies / 3.0, 2.0);
    }
    near(figure(&outlook, "city", Measure::Premiums, "2014-08").unwrap(), 200.0 * policies, 600.0);
}

#[test]
fn r16_what_centres_sell_to_who_renews_is_no_take_up() {
    // 90 first policies and 30 renewals a month; the communities' are the first ones only.
    let months = 24;
    let mut files = city(months, "old", false);
    let sold = files[2].1.replace(",old,one,60", ",old,one,90");
    files[2].1 = sold;
    let mut policies = "sold,product,units,region,expires,renewal\n".to_owned();
    for t in 0..months {
        for (units, renewal) in [(60, ""), (30, "yes")] {
            writeln!(policies, "{},one,{units},old,{},{renewal}", at(t), at(t + 12)).unwrap();
        }
    }
    files.push(("policies.csv", policies));
    let outlook = plan(&files, "2023-12-31");
    let (p, grid) = (of(&outlook), &outlook.dataset.grid);
    let one = grid.products.codes.iter().position(|code| code == "one").unwrap();
    let s =
        grid.series.iter().position(|s| s.product == one && grid.regions.code(grid.regions.node_of(s.leaf)) == "old");
    near(p.named[(s.unwrap(), months - 1)], 60.0, 1e-6);
}

#[test]
fn r16_what_is_learned_of_renewals_is_not_drawn_back_by_rates_that_nobody_stated() {
    // Three products of a year, 1,200 of each run out, and one in ten is renewed.
    let months = 24;
    let mut files = city(months, "old", true);
    files[2].1 = files[2].1.replace(",old,one,60", ",old,one,110");
    files[3].1 += "two,policy,policy,150,,12\nfour,policy,policy,180,,12\n";
    let mut policies = "sold,product,units,region,expires,renewal\n".to_owned();
    for t in 0..months {
        for product in ["one", "two", "four"] {
            if t < 12 {
                writeln!(policies, "{},{product},100,old,{},", at(t), at(t + 12)).unwrap();
            } else {
                writeln!(policies, "{},{product},10,old,{},yes", at(t), at(t + 12)).unwrap();
            }
        }
    }
    files.push(("policies.csv", policies));
    for t in 0..months {
        for product in ["two", "four"] {
            let row = format!("{},old,{product},{}\n", at(t), if t < 12 { 100 } else { 10 });
            files[2].1 += &row;
        }
    }
    let renewals = of(&plan(&files, "2023-12-31")).renewals.clone().unwrap();
    // 200 of 40% stand beside 3,600 of 10%.
    assert!(renewals.share < 0.13, "{}", renewals.share);
}

#[test]
fn r29_many_centres_teach_in_three_months() {
    let mut tables = ["communities", "signings", "sales", "regions"].map(|name| (name, String::new()));
    tables[0].1 = "community,region,households,handover\n".into();
    tables[1].1 = "month,community,households\n".into();
    tables[2].1 = "month,region,product,units\n".into();
    tables[3].1 = "region\n".into();
    for centre in 0..20 {
        writeln!(tables[0].1, "K{centre},c{centre},1000,2022-01").unwrap();
        writeln!(tables[3].1, "c{centre}").unwrap();
        for t in 0..3 {
            let n = [300.0, 200.0, 100.0][t] + f64::from(centre);
            writeln!(tables[1].1, "{},K{centre},{n}", at(t)).unwrap();
            for (product, share) in [("hob", 0.2), ("one", 0.3)] {
                writeln!(tables[2].1, "{},c{centre},{product},{}", at(t), (share * n).round()).unwrap();
            }
        }
    }
    let mut files: Vec<(&str, String)> = Vec::new();
    for (name, text) in ["communities.csv", "signings.csv", "sales.csv", "regions.csv"].into_iter().zip(tables) {
        files.push((name, text.1));
    }
    files.push(("products.csv", PRODUCTS.to_owned()));
    let outlook = plan(&files, "2022-03-31");
    assert_eq!([&of(&outlook).goods, &of(&outlook).policies].map(|x| x.as_ref().unwrap().basis), [Basis::Centres; 2]);
}

#[test]
fn counters_of_several_centres_are_open_as_long_as_they_are_in_the_mean() {
    // Both centres have one counter that is open for an hour a day, and as many people as it needs.
    let months = 24;
    let mut files = city(months, "new", true);
    files.push((
        "counters.csv",
        "from,region,kind,counters,hours\n2022-01,old,contract,1,1\n2022-01,new,contract,1,1\n".into(),
    ));
    let outlook = plan(&files, "2023-12-31");
    let known = outlook.known();
    let of = |node: usize| yugu::books::load::desks(&known, node, month("2024-02"));
    assert_eq!((of(COMPANY).counters, of(COMPANY).hours), (Some(2.0), 1.0));
}

#[test]
fn why_people_did_not_buy_is_counted_as_known_at_the_cutoff() {
    let mut files = city(24, "old", true);
    let leads = "community,month,product,intent,called,outcome,reason\n\
        K10,2023-05,hob,high,2023-07,bought,\n\
        K10,2023-05,hob,high,2023-07,lost,price\n\
        K10,2023-05,hob,low,2023-08,lost,price\n\
        K11,2023-06,oven,low,2023-08,lost,\n\
        K11,2023-06,oven,low,2024-02,lost,price\n\
        K11,2022-06,oven,low,2022-07,lost,moved away\n\
        K11,2024-01,oven,low,,open,\n";
    files.push(("leads.csv", leads.into()));
    let outlook = plan(&files, "2023-12-31");
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let (_, told) = report.tables().into_iter().find(|(name, _)| *name == "leads").unwrap();
    // The call of February 2024 is not known yet, and neither is the lead of January.
    let wanted = "region,month,product,intent,outcome,reason,leads\n\
        old,2022-06,oven,low,lost,moved away,1\n\
        old,2023-05,hob,high,bought,,1\n\
        old,2023-05,hob,high,lost,price,1\n\
        old,2023-05,hob,low,lost,price,1\n\
        old,2023-06,oven,low,lost,,1\n\
        old,2023-06,oven,low,open,,1\n";
    assert_eq!(String::from_utf8(told.csv()).unwrap(), wanted);
    let page = yugu::report::communities::page::page(&report, "city");
    let row = |name: &str| -> Vec<String> {
        let part = page.split("Why people did not buy: 5 leads").nth(1).unwrap();
        let line = part.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().skip(1).map(str::to_owned).collect()
    };
    // Leads, bought, open, price, no reason given; what was told over a year ago is not on the page.
    assert_eq!(row("all"), ["5", "1", "1", "2", "1"]);
    assert_eq!(row("hob"), ["3", "1", "0", "2", "0"]);
    assert_eq!(row("oven"), ["2", "0", "1", "0", "1"]);
    assert_eq!(row("old"), ["5", "1", "1", "2", "1"]);
    // Nobody asked, nothing told.
    files.pop();
    let outlook = plan(&files, "2023-12-31");
    let report = Report::new(&view_of(&outlook)).map(|r| r.tables().len());
    assert_eq!(report, Some(3));
}

fn view_of(outlook: &Outlook) -> View<'_> {
    View::new(outlook, Lang::En)
}
