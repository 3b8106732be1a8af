//! The service centres and what they sell.

/// A service centre.
pub struct Region {
    pub code: &'static str,
    pub name: &'static str,
    /// Its share of the new communities (assumption).
    pub weight: f64,
    /// Counters at which contracts are signed: the 26 of the article by weight.
    pub counters: u32,
    /// Who gives its front-line estimates, and by what factor that person misses on average (assumption).
    pub head: (&'static str, f64),
}

/// The company all centres belong to.
pub const COMPANY: (&str, &str) = ("GAS", "城市燃气公司");

/// The seven centres.
pub const REGIONS: [Region; 7] = [
    Region { code: "chengdong", name: "城东服务中心", weight: 0.20, counters: 5, head: ("Zhao Min", 1.12) },
    Region { code: "chengnan", name: "城南服务中心", weight: 0.17, counters: 5, head: ("Qian Wei", 0.92) },
    Region { code: "chengxi", name: "城西服务中心", weight: 0.15, counters: 4, head: ("Sun Li", 1.03) },
    Region { code: "gaoxin", name: "高新服务中心", weight: 0.15, counters: 4, head: ("Li Na", 1.18) },
    Region { code: "kaifa", name: "开发区服务中心", weight: 0.13, counters: 3, head: ("Zhou Qiang", 0.95) },
    Region { code: "chengbei", name: "城北服务中心", weight: 0.11, counters: 3, head: ("Wu Fang", 1.00) },
    Region { code: "binhu", name: "滨湖服务中心", weight: 0.09, counters: 2, head: ("Zheng Jie", 0.86) },
];

/// The index of a centre by its code (0 for an unknown one, which no caller has).
pub fn region(code: &str) -> usize {
    REGIONS.iter().position(|r| r.code == code).unwrap_or(0)
}

/// A choice set of goods: what it is called and the chance that a shopper wants one (assumption, scaled to the
/// article's revenue).
pub struct Category {
    pub code: &'static str,
    pub wanted: f64,
}

/// The choice sets of goods.
pub const CATEGORIES: [Category; 5] = [
    Category { code: "stove", wanted: 0.66 },
    Category { code: "water_heater", wanted: 0.64 },
    Category { code: "hood", wanted: 0.52 },
    Category { code: "alarm", wanted: 0.50 },
    Category { code: "pipe", wanted: 0.75 },
];
/// The groups of the policies and of the service.
pub const INSURANCE: &str = "insurance";
pub const INSTALLATION: &str = "installation";

/// A product as `products.csv` has it. Months are indices, 0 = 2011-07.
pub struct Product {
    pub code: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub kind: &'static str,
    /// Yuan.
    pub price: u32,
    pub cost: u32,
    pub launch: Option<i32>,
    /// Last month sold.
    pub retire: Option<i32>,
    pub replaces: &'static str,
    pub like: &'static str,
    pub term_months: Option<u32>,
    /// Attraction within its category (assumption).
    pub pull: f64,
    pub supply: Option<Supply>,
}

/// How a good is bought.
pub struct Supply {
    pub supplier: &'static str,
    pub lead_time_days: u32,
    pub moq: u32,
    pub pack: u32,
    pub service_level: &'static str,
}

const fn good(
    code: &'static str,
    name: &'static str,
    category: &'static str,
    (price, cost, pull): (u32, u32, f64),
    supply: Supply,
) -> Product {
    Product {
        code,
        name,
        category,
        kind: "goods",
        price,
        cost,
        launch: None,
        retire: None,
        replaces: "",
        like: "",
        term_months: None,
        pull,
        supply: Some(supply),
    }
}

const fn policy(code: &'static str, name: &'static str, price: u32, cost: u32, term: u32) -> Product {
    Product {
        code,
        name,
        category: INSURANCE,
        kind: "policy",
        price,
        cost,
        launch: None,
        retire: None,
        replaces: "",
        like: "",
        term_months: Some(term),
        pull: 0.0,
        supply: None,
    }
}

const fn supply(supplier: &'static str, lead: u32, moq: u32, pack: u32, service_level: &'static str) -> Supply {
    Supply { supplier, lead_time_days: lead, moq, pack, service_level }
}

/// The range. Prices and costs are assumptions around 2,000 yuan a buyer and a margin of 35%; the policies' prices
/// and terms are the article's, their cost is the 60% of the premium that goes on to the insurer.
pub const PRODUCTS: [Product; 17] = [
    Product {
        retire: Some(29),
        ..good("ST-A1", "经济型双眼灶", "stove", (680, 440, 0.36), supply("Dongming", 20, 40, 4, "0.95"))
    },
    good("ST-B2", "标准型双眼灶", "stove", (1080, 700, 0.40), supply("Dongming", 20, 40, 4, "0.95")),
    good("ST-C3", "高端嵌入灶", "stove", (1580, 1000, 0.24), supply("Hengyuan", 30, 20, 2, "0.9")),
    Product {
        launch: Some(27),
        replaces: "ST-A1",
        like: "ST-A1",
        ..good("ST-D4", "新经济型双眼灶", "stove", (720, 460, 0.42), supply("Dongming", 20, 40, 4, "0.95"))
    },
    Product {
        retire: Some(36),
        ..good("WH-08L", "8升热水器", "water_heater", (980, 650, 0.26), supply("Nuanjia", 25, 30, 1, "0.9"))
    },
    good("WH-10L", "10升热水器", "water_heater", (1480, 960, 0.46), supply("Nuanjia", 25, 30, 1, "0.95")),
    good("WH-13L", "13升热水器", "water_heater", (2180, 1400, 0.28), supply("Hengyuan", 30, 20, 1, "0.9")),
    Product {
        launch: Some(37),
        replaces: "WH-08L",
        like: "WH-10L",
        ..good("WH-12L", "12升热水器", "water_heater", (1880, 1200, 0.40), supply("Nuanjia", 25, 30, 1, "0.95"))
    },
    good("HD-T1", "顶吸油烟机", "hood", (1280, 840, 0.55), supply("Qingfeng", 35, 20, 1, "0.9")),
    good("HD-S2", "侧吸油烟机", "hood", (1980, 1290, 0.45), supply("Qingfeng", 35, 20, 1, "0.9")),
    good("GA-H1", "家用燃气报警器", "alarm", (260, 150, 1.0), supply("Anshi", 15, 100, 20, "0.95")),
    good("CP-1M", "1米波纹管", "pipe", (30, 14, 0.6), supply("Tongda", 10, 500, 50, "0.98")),
    good("CP-2M", "2米波纹管", "pipe", (50, 24, 0.4), supply("Tongda", 10, 500, 50, "0.98")),
    policy("INS-1Y", "一年期保险", 100, 60, 12),
    policy("INS-3Y", "三年期保险", 200, 120, 36),
    policy("INS-5Y", "五年期保险", 300, 180, 60),
    Product {
        category: INSTALLATION,
        kind: "service",
        supply: None,
        ..good("SV-INST", "送货安装", "", (0, 0, 0.0), supply("", 0, 0, 0, ""))
    },
];

/// Product numbers that the code needs by name.
pub const ST_A1: usize = 0;
pub const ST_B2: usize = 1;
pub const ST_D4: usize = 3;
pub const WH_10L: usize = 5;
pub const HD_T1: usize = 8;
pub const HD_S2: usize = 9;
pub const GA_H1: usize = 10;
/// The two pipes: cheap enough to meet a yearly total to the yuan.
pub const PIPES: [usize; 2] = [11, 12];
/// The policies for 1, 3 and 5 years.
pub const POLICIES: [usize; 3] = [13, 14, 15];
/// One unit per household that buys goods: delivery and fitting, in the price of the goods.
pub const SERVICE: usize = 16;

/// The gas alarm was called this before the recoding of month 13.
pub const OLD_ALARM: &str = "GA-01";
pub const RECODED_FROM: i32 = 12;

impl Product {
    /// Whether it is on the range in a month.
    pub fn on_range(&self, t: i32) -> bool {
        self.launch.is_none_or(|from| t >= from) && self.retire.is_none_or(|last| t <= last)
    }
}

/// The code a product had in a month.
pub fn code_in(product: usize, t: i32) -> &'static str {
    if product == GA_H1 && t < RECODED_FROM { OLD_ALARM } else { PRODUCTS[product].code }
}

/// The products of a category that are on the range in a month.
pub fn choice_set(category: &'static str, t: i32) -> impl Iterator<Item = usize> {
    (0..PRODUCTS.len()).filter(move |&p| PRODUCTS[p].category == category && PRODUCTS[p].on_range(t))
}
