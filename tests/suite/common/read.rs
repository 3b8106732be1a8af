//! A page read back, and a folder whose names try to break out of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

/// The data of a page.
pub struct Page {
    /// What its scripts know first.
    pub meta: Value,
    blocks: BTreeMap<String, String>,
}

impl Page {
    /// Reads what stands in the elements of a page.
    pub fn new(html: &str) -> Page {
        let inside = |rest: &str| rest.split("</script>").next().unwrap().to_owned();
        let meta = html.split("id=\"meta\">").nth(1).map(inside).unwrap();
        let blocks = html.split("<script type=\"text/plain\" id=\"block-").skip(1).map(|rest| {
            let (name, rest) = rest.split_once("\">").unwrap();
            (name.to_owned(), inside(rest))
        });
        Page { meta: serde_json::from_str(&meta).unwrap(), blocks: blocks.collect() }
    }

    /// A block, inflated.
    pub fn block(&self, name: &str) -> Value {
        inflated(&self.blocks[name])
    }

    /// The blocks whose names begin so, by the number that follows.
    pub fn blocks(&self, prefix: &str) -> Vec<(u64, Value)> {
        let of = |(name, block): (&String, &String)| Some((name.strip_prefix(prefix)?.parse().ok()?, inflated(block)));
        self.blocks.iter().filter_map(of).collect()
    }

    /// The months forecast.
    pub fn months(&self) -> Vec<String> {
        let months = self.meta["months"].as_array().unwrap();
        months.iter().map(|m| m.as_str().unwrap().to_owned()).collect()
    }

    /// A month forecast by its index.
    pub fn month(&self, k: &Value) -> String {
        self.months()[k.as_u64().unwrap() as usize].clone()
    }

    /// The code of a region, group or product by its index.
    pub fn code(&self, list: &str, base: &Value, index: &Value) -> String {
        base[list][index.as_u64().unwrap() as usize][0].as_str().unwrap().to_owned()
    }
}

/// The rows of a table by their columns.
pub fn objects(table: &Value) -> Vec<BTreeMap<String, Value>> {
    let columns: Vec<String> =
        table["columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    let row = |row: &Value| columns.iter().cloned().zip(row.as_array().unwrap().iter().cloned()).collect();
    table["rows"].as_array().unwrap().iter().map(row).collect()
}

fn inflated(letters: &str) -> Value {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = letters.bytes().filter(|c| *c != b'=').map(digit).collect();
    let three = |four: &[u8]| {
        let bits = four.iter().enumerate().fold(0_u32, |bits, (i, d)| bits | u32::from(*d) << (18 - 6 * i));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    let bytes: Vec<u8> = digits.chunks(4).flat_map(three).collect();
    let mut json = String::new();
    flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// Names that a page must show as they are, and not run.
pub const NAMES: [&str; 7] = [
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 2</script>",
    "<img src=x onerror=\"window.broken = 3\">",
    "quotes \" ' ` ${window.broken = 4} &amp; \\",
    "turned \u{202e}around",
    "line\u{2028}ends\u{2029}here",
    "<!-- --> ]]> {0} {1}",
];

/// A longer name is an error when the folder is read, as is one with a line break.
pub const LONGEST: usize = 200;

/// A folder of two years with such names of regions, products and groups, and the longest name that may be.
pub fn hostile(dir: &Path) {
    let long: String = "长".repeat(LONGEST);
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).chain([long]).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut products = String::from("product,name,category\n");
    let mut regions = String::from("region,name,parent\n\"top\",\"the <b>top</b>\",\n");
    let mut sales = String::from("month,region,product,units\n");
    for (i, name) in names.iter().enumerate() {
        let group = quoted(&NAMES[i % 2].chars().take(40).collect::<String>());
        products.push_str(&format!("p{i},{},{group}\n", quoted(name)));
        regions.push_str(&format!("r{i},{},top\n", quoted(name)));
        for month in 0..24 {
            let units = 40 + 10 * i + month % 12;
            let month = format!("{}-{:02}", 2023 + month / 12, month % 12 + 1);
            sales.push_str(&format!("{month},r{i},p{i},{units}\n{month},r{i},p0,{units}\n"));
        }
    }
    // The first region would have its product twice.
    let mut lines: Vec<&str> = sales.lines().collect();
    lines.dedup();
    fs::write(dir.join("products.csv"), products).unwrap();
    fs::write(dir.join("regions.csv"), regions).unwrap();
    fs::write(dir.join("sales.csv"), lines.join("\n") + "\n").unwrap();
}
