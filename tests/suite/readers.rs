//! Files that are made, or were damaged, to take the program down: each is an error, in a moment and within its memory.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// The program with at most 2 GB of memory, where the system can see to that.
fn yugu(args: &[&str]) -> Assert {
    let mut command = match cfg!(target_os = "linux") {
        true => {
            let mut shell = assert_cmd::Command::new("sh");
            shell.args(["-c", "ulimit -v 2000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_yugu")]);
            shell
        }
        false => assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu")),
    };
    command.args(args).env("LANG", "en_US.UTF-8").timeout(Duration::from_secs(60)).assert()
}

/// One error that names the file, and nothing of a library's own words on a panic.
fn refused(home: &TempDir, file: &str) -> String {
    let begun = Instant::now();
    let assert = yugu(&["check", home.path().to_str().unwrap()]).code(1);
    let told = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let first = told.lines().next().unwrap_or_default();
    assert!(first.starts_with(file) && first.contains(": error: "), "{told}");
    assert!(!told.contains("panicked") && !told.contains("backtrace") && !told.contains("memory allocation"), "{told}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    told
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    home
}

const SALES: &str = "month,region,product,units\n2024-01,a,p,1\n2024-02,a,p,2\n";

/// A workbook of these strings, as its part has them, with a comment behind the container.
fn workbook(strings: &str, comment: &str, large: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"sales\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>",
        ),
        ("xl/sharedStrings.xml", strings),
    ];
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default().large_file(large)).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.set_comment(comment).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_does_not_take_more_memory_than_it_fills() {
    let strings = |claim: &str, rest: &str| {
        format!(
            "{rest}<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{claim}\"><si><t>month</t></si></sst>"
        )
    };
    let claim = "888888888888";
    for rest in [
        String::new(),
        "<!-- uniqueCount=\"1\" -->".to_owned(),
        "<?x uniqueCount=\"1\"?>".to_owned(),
        " ".repeat(70_000),
    ] {
        let home = folder(&[("sales.xlsx", &workbook(&strings(claim, &rest), "", false))]);
        refused(&home, "sales.xlsx");
    }
    // Ten thousand times as much as it is packed in: past what is always unpacked, whatever stands behind it.
    let bomb = format!("<sst><si><t>{}</t></si></sst>", "0".repeat(100 << 20));
    for (comment, large) in [("", false), ("PK\u{5}\u{6}", false), ("", true)] {
        let home = folder(&[("sales.xlsx", &workbook(&bomb, comment, large))]);
        assert!(refused(&home, "sales.xlsx").contains("unpacks to over"), "{comment:?} {large}");
    }
}

#[test]
fn one_input_takes_no_more_memory_than_the_settings_allow() {
    let row = "2024-01,a,p,1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
    let long = format!("month,region,product,units,note\n{}", row.repeat(200_000));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(long.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let line = format!("month,region,product,units\n2024-01,a,p,{}\n", "1".repeat(17_000_000));
    for (name, bytes) in [("sales.csv", long.as_bytes()), ("sales.csv.gz", &packed), ("sales.csv", line.as_bytes())] {
        let home = folder(&[(name, bytes), ("yugu.toml", b"[limits]\nmemory = 0.015\n")]);
        refused(&home, name);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    use std::os::unix::fs::symlink;
    let pipe = |path: &Path| std::process::Command::new("mkfifo").arg(path).status().unwrap();
    for name in ["sales.csv", "yugu.toml", "ledger/2024-01.csv", "sales/part.csv", "targets.xlsx", "growth.parquet"] {
        let home = folder(&[("stock/a.csv", b"as_of,location,product,on_hand\n")]);
        if !name.starts_with("sales") {
            fs::write(home.path().join("sales.csv"), SALES).unwrap();
        }
        fs::create_dir_all(home.path().join(name).parent().unwrap()).unwrap();
        assert!(pipe(&home.path().join(name)).success());
        assert!(refused(&home, name).contains("regular file"), "{name}");
    }
    let home = folder(&[("sales.csv", SALES.as_bytes())]);
    let book = home.path().join("answers.xlsx");
    pipe(&book);
    yugu(&["import", home.path().to_str().unwrap(), book.to_str().unwrap()]).code(1);
    fs::remove_file(&book).unwrap();
    symlink("/dev/zero", home.path().join("targets.csv")).unwrap();
    refused(&home, "targets.csv");
    fs::remove_file(home.path().join("targets.csv")).unwrap();
    symlink("targets.csv", home.path().join("targets.csv")).unwrap();
    refused(&home, "targets.csv");
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_are_not_followed() {
    use std::os::unix::fs::symlink;
    for target in [".", "..", "../sales"] {
        let home = folder(&[("sales/a.csv", SALES.as_bytes())]);
        symlink(target, home.path().join("sales/x=1")).unwrap();
        symlink(target, home.path().join("sales/x=2")).unwrap();
        let told = refused(&home, "sales/x=");
        assert!(told.lines().count() < 10, "{told}");
    }
    // Nor is one folder read twice by another way.
    let home = folder(&[("sales/x=1/a.csv", b""), ("sales/x=1/y=1/.keep", b"")]);
    symlink("../x=1", home.path().join("sales/x=2")).unwrap();
    yugu(&["check", home.path().to_str().unwrap()]).code(1);
}

/// A number as the format of Parquet's descriptions has it: seven bits a byte.
#[cfg(feature = "parquet")]
fn unsigned(mut n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
    out
}

/// The same of a number with a sign, which is in the last bit.
#[cfg(feature = "parquet")]
fn zigzag(n: i64) -> Vec<u8> {
    unsigned(((n << 1) ^ (n >> 63)) as u64)
}

/// A file with this description at its end.
#[cfg(feature = "parquet")]
fn parquet(description: &[u8]) -> Vec<u8> {
    [b"PAR1", description, &(description.len() as u32).to_le_bytes(), b"PAR1"].concat()
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_does_not_take_more_than_it_holds() {
    // A description begins with the version (field 1), then the schema (field 2: a list of structures).
    let version = [&[0x15][..], &zigzag(1)].concat();
    let list = |field: u8, count: u64| [&[field << 4 | 9, 0xfc][..], &unsigned(count)].concat();
    for count in [1_000_000_000_u64, 2_147_483_647] {
        // More elements in the schema, or more groups of rows, than there are bytes.
        let schema = [&version[..], &list(1, count), &[0; 8]].concat();
        refused(&folder(&[("sales.parquet", &parquet(&schema))]), "sales.parquet");
        let root = [&[0x48, 1, b'r', 0x15][..], &zigzag(0), &[0]].concat();
        let groups = [&version[..], &[0x19, 0x1c], &root, &[0x16], &zigzag(0), &list(1, count), &[0; 8]].concat();
        refused(&folder(&[("sales.parquet", &parquet(&groups))]), "sales.parquet");
    }
    // A schema of folders within folders, deeper than any stack.
    const DEEP: usize = 60_000;
    let element = |children: i64| [&[0x48, 1, b'n', 0x15][..], &zigzag(children), &[0]].concat();
    let mut schema = [&version[..], &list(1, DEEP as u64 + 1)].concat();
    (0..DEEP).for_each(|_| schema.extend(element(1)));
    schema.extend(element(0));
    schema.extend([&[0x16][..], &zigzag(0), &[0x19, 0x0c, 0]].concat());
    refused(&folder(&[("sales.parquet", &parquet(&schema))]), "sales.parquet");
}

#[test]
fn amounts_too_small_to_divide_by_are_errors() {
    let at = |home: &TempDir| {
        let assert = yugu(&["check", home.path().to_str().unwrap()]).code(1);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    };
    for tiny in ["5e-324", "1e-300", "0.0000000001", "-1e-310", "4.9e-324"] {
        let sales = format!("{SALES}2024-03,a,p,{tiny}\n");
        let told = at(&folder(&[("sales.csv", sales.as_bytes())]));
        assert!(told.starts_with("sales.csv:4:13: error:"), "{told}");
    }
    for (file, text, place) in [
        ("products.csv", "product,pack\np,0.0001\n", "products.csv:2:3"),
        ("products.csv", "product,price\np,1e-200\n", "products.csv:2:3"),
        ("calendar.csv", "month,working_days\n2024-01,1e-5\n", "calendar.csv:2:9"),
        ("calendar.csv", "month,weight\n2024-01,1e-5\n", "calendar.csv:2:9"),
        ("calendar.csv", "month,weight\n2024-01,1e5\n", "calendar.csv:2:9"),
    ] {
        let told = at(&folder(&[("sales.csv", SALES.as_bytes()), (file, text.as_bytes())]));
        assert!(told.starts_with(place), "{told}");
    }
    // Zero is an amount.
    let zero = format!("{SALES}2024-03,a,p,0e-400\n2024-04,a,p,0.000000000000\n");
    yugu(&["check", folder(&[("sales.csv", zero.as_bytes())]).path().to_str().unwrap()]).code(0);
}

#[test]
fn many_of_anything_take_a_moment() {
    const MANY: usize = 100_000;
    let lines = |head: &str, line: &dyn Fn(usize) -> String| {
        let lines: String = (0..MANY).map(line).collect();
        format!("{head}\n{lines}")
    };
    let cases = [
        ("targets.csv", lines("year,stage,units", &|n| format!("2024,stage {n},{n}\n"))),
        ("aliases.csv", lines("kind,old,new", &|n| format!("product,old {n},old {}\n", n + 1))),
        ("aliases.csv", lines("kind,old,new", &|n| format!("product,old {n},old {}\n", (n + 1) % MANY))),
        ("calendar.csv", lines("month,working_days", &|n| format!("{}-{:02},20\n", 1900 + n / 12 % 200, n % 12 + 1))),
        ("regions.csv", lines("region,parent", &|n| format!("r{n},r{}\n", n + 1))),
        ("yugu.toml", lines("[fiscal]", &|n| format!("key_{n} = 1\n"))),
        ("yugu.toml", lines("", &|n| format!("[section_{n}]\n"))),
    ];
    for (name, text) in cases {
        let home = folder(&[("sales.csv", SALES.as_bytes()), (name, text.as_bytes())]);
        let begun = Instant::now();
        let assert = yugu(&["plan", home.path().to_str().unwrap(), "--no-files"]);
        assert!(matches!(assert.get_output().status.code(), Some(0 | 1)), "{name}");
        assert!(begun.elapsed() < Duration::from_secs(6), "{name}: {:?}: {}", begun.elapsed(), &text[..40]);
    }
}
