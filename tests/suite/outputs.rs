//! What the program may write over, and where: nothing that somebody else made, nothing that somebody changed, nothing
//! among the data. And what is said where names differ in case, or the disk fails late.

use crate::common::program::yugu;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use assert_cmd::assert::Assert;
use tempfile::TempDir;

fn said(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

/// Two regions and two products of two years, with a count of stock and a new community.
fn folder() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..26 {
        for (r, region) in ["east", "west"].iter().enumerate() {
            for (p, product) in ["a", "b"].iter().enumerate() {
                let units = 60 + 9 * ((t * (p + 2) + r) % 7);
                sales.push_str(&format!("{}-{:02},{region},{product},{units}\n", 2022 + t / 12, t % 12 + 1));
            }
        }
    }
    fs::write(home.path().join("sales.csv"), sales).unwrap();
    fs::write(home.path().join("stock.csv"), "as_of,location,product,on_hand\n2024-02-29,shop,a,40\n").unwrap();
    let communities = "community,region,households,handover\nhill,east,300,2023-06\n";
    fs::write(home.path().join("communities.csv"), communities).unwrap();
    let signings: String = (8..26).map(|t| format!("{}-{:02},hill,5\n", 2022 + t / 12, t % 12 + 1)).collect();
    fs::write(home.path().join("signings.csv"), format!("month,community,households\n{signings}")).unwrap();
    home
}

/// Every file below a folder and its bytes.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(dir).into_iter().flatten().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            out.extend(tree(&entry.path()));
        } else {
            out.insert(entry.path(), fs::read(entry.path()).unwrap());
        }
    }
    out
}

#[test]
fn tables_of_the_same_names_are_never_replaced() {
    let home = folder();
    let at = home.path().to_str().unwrap();
    for (command, name) in [("plan", "regions.csv"), ("stock", "stock.csv"), ("communities", "communities.csv")] {
        let mine = home.path().join(format!("mine-{command}"));
        fs::create_dir(&mine).unwrap();
        fs::write(mine.join(name), "region,name\neast,East\n").unwrap();
        let before = tree(&mine);
        for force in [&[][..], &["--force"][..]] {
            let args = [&[command, at, "--out", mine.to_str().unwrap()], force].concat();
            assert!(said(&yugu(&args).code(2)).contains(name), "{command}");
            assert_eq!(tree(&mine), before, "{command}");
        }
    }
}

#[test]
fn outputs_are_replaced_until_somebody_changes_one() {
    let home = folder();
    let at = home.path().to_str().unwrap();
    for (command, name) in [("plan", "forecast.csv"), ("stock", "stock.csv"), ("communities", "centres.csv")] {
        let out = home.path().join(format!("own-{command}"));
        let write = |more: &[&str]| yugu(&[&[command, at, "--out", out.to_str().unwrap()], more].concat());
        write(&[]).code(0);
        let first = tree(&out);
        write(&[]).code(0);
        assert_eq!(tree(&out), first);
        let own = fs::read(out.join(name)).unwrap();
        fs::write(out.join(name), "something of mine\n").unwrap();
        let refused = said(&write(&[]).code(2));
        assert!(refused.contains(name) && refused.contains("--force"), "{refused}");
        assert_eq!(fs::read(out.join(name)).unwrap(), b"something of mine\n");
        write(&["--force"]).code(0);
        assert_eq!(fs::read(out.join(name)).unwrap(), own);
        // A file that is nobody's output keeps the folder, whatever is forced.
        fs::write(out.join("letter.txt"), "mine").unwrap();
        assert!(said(&write(&["--force"]).code(2)).contains("letter.txt"));
        assert_eq!(fs::read(out.join("letter.txt")).unwrap(), b"mine");
    }
}

#[test]
fn rows_of_a_backtest_are_replaced_until_somebody_changes_them() {
    let home = folder();
    let (at, rows) = (home.path().to_str().unwrap(), home.path().join("rows.csv"));
    let write = |more: &[&str]| {
        yugu(&[&["backtest", at, "--cutoffs", "2023-12", "--out", rows.to_str().unwrap()], more].concat())
    };
    write(&[]).code(0);
    write(&[]).code(0);
    let own = fs::read(&rows).unwrap();
    // The header alone does not make it an output.
    let header = String::from_utf8(own.clone()).unwrap().lines().next().unwrap().to_owned();
    fs::write(&rows, format!("{header}\nmine\n")).unwrap();
    write(&[]).code(2);
    assert!(fs::read_to_string(&rows).unwrap().contains("mine"));
    write(&["--force"]).code(0);
    assert_eq!(fs::read(&rows).unwrap(), own);
    let other = home.path().join("other.csv");
    fs::write(&other, format!("{header}\n")).unwrap();
    yugu(&["backtest", at, "--cutoffs", "2023-12", "--out", other.to_str().unwrap(), "--force"]).code(2);
}

#[test]
fn no_output_goes_among_the_data() {
    let home = folder();
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    for name in ["sales.csv", "stock.csv", "communities.csv", "signings.csv"] {
        fs::rename(home.path().join(name), data.join(name)).unwrap();
    }
    fs::create_dir(data.join("ledger")).unwrap();
    let before = tree(home.path());
    let at = data.to_str().unwrap();
    for out in ["ledger", "Ledger", "regions", "sales", "targets.csv", "out/../growth", ".", "..", "yugu.toml"] {
        let path = data.join(out);
        for command in ["plan", "stock", "communities"] {
            yugu(&[command, at, "--out", path.to_str().unwrap(), "--force"]).code(2);
        }
        assert_eq!(tree(home.path()), before, "{out}");
    }
    for out in ["ledger/2020-01.csv", "progress.csv", "sales/part.csv"] {
        yugu(&["backtest", at, "--cutoffs", "2023-12", "--out", data.join(out).to_str().unwrap()]).code(2);
        assert_eq!(tree(home.path()), before, "{out}");
    }
    // Nor in the place of the folder in which the program stands, though it be empty.
    let here = home.path().join("here");
    fs::create_dir(&here).unwrap();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
    command.current_dir(&here).args(["plan", at, "--out", "."]).assert().code(2);
    assert_eq!(tree(&here).len(), 0);
    yugu(&["check", at]).code(0);
}

#[test]
fn names_that_begin_alike_are_written_side_by_side() {
    let home = folder();
    let at = home.path().to_str().unwrap();
    let start = |name: &str| {
        let out = home.path().join("o").join(name);
        let args = ["plan", at, "--no-workbook", "--no-page", "--out", out.to_str().unwrap()];
        Process::new(env!("CARGO_BIN_EXE_yugu")).args(args).output().unwrap()
    };
    assert!(start("x").status.success() && start("x-b").status.success());
    let whole = fs::read_dir(home.path().join("o/x")).unwrap().count();
    std::thread::scope(|scope| {
        let threads: Vec<_> = ["x", "x-b", "x-b-c"]
            .map(|name| scope.spawn(move || (0..6).map(|_| start(name)).collect::<Vec<_>>()))
            .into_iter()
            .collect();
        for run in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
    });
    for name in ["x", "x-b", "x-b-c"] {
        assert_eq!(fs::read_dir(home.path().join("o").join(name)).unwrap().count(), whole, "{name}");
    }
    assert_eq!(fs::read_dir(home.path().join("o")).unwrap().count(), 3);
}

#[test]
fn a_ledger_is_the_one_that_was_read_whatever_its_case() {
    let home = folder();
    let at = home.path().to_str().unwrap();
    fs::create_dir(home.path().join("LEDGER")).unwrap();
    yugu(&["plan", at]).code(0);
    yugu(&["issue", at]).code(0);
    assert!(home.path().join("LEDGER/2024-02.csv").exists());
    let names = fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().to_lowercase());
    assert_eq!(names.filter(|name| name == "ledger").count(), 1);
    assert!(said(&yugu(&["issue", at]).code(2)).contains("LEDGER"));
    for (one, other) in [("ledger", "LEDGER"), ("yugu.toml", "Yugu.toml"), ("sales.csv", "SALES.csv")] {
        let two = folder();
        if one == "ledger" {
            // A disk on which these are one name has nothing to tell.
            fs::create_dir(two.path().join(one)).unwrap();
            if fs::create_dir(two.path().join(other)).is_err() {
                return;
            }
        } else {
            fs::copy(home.path().join("sales.csv"), two.path().join(other)).unwrap();
            if one == "yugu.toml" {
                fs::write(two.path().join(one), "").unwrap();
                fs::write(two.path().join(other), "").unwrap();
            }
        }
        let told = said(&yugu(&["check", two.path().to_str().unwrap()]).code(1));
        assert!(told.contains(one) && told.contains(other), "{told}");
    }
}

/// Where a system call can be made to fail.
#[cfg(target_os = "linux")]
#[test]
fn what_took_its_place_before_the_disk_failed_is_said() {
    let home = folder();
    let at = home.path().to_str().unwrap();
    yugu(&["plan", at]).code(0);
    let strace = |when: usize| {
        let inject = format!("inject=fsync:error=EIO:when={when}");
        Process::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", &inject])
            .args([env!("CARGO_BIN_EXE_yugu"), "issue", at])
            .env("LANG", "en_US.UTF-8")
            .output()
    };
    let Ok(first) = strace(1) else { return };
    let file = home.path().join("ledger/2024-02.csv");
    if first.status.code() != Some(2) {
        // No tracing allowed here.
        return;
    }
    assert!(!file.exists(), "the file itself is flushed before it takes its place");
    let second = strace(2).unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(file.exists());
    assert!(second.status.success() && told.contains("did not confirm"), "{told}");
}

#[test]
fn more_threads_than_cores_are_not_made() {
    let home = folder();
    for threads in ["1", "0", "3", "999999", "99999999999999999999", "x"] {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yugu"));
        command.env("RAYON_NUM_THREADS", threads).args(["plan", home.path().to_str().unwrap(), "--no-files"]);
        command.assert().code(0);
    }
}
