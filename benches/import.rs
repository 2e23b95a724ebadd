//! How long a city takes to be made and opened. Reaches: `monaco.osm.pbf` imported in 0.5 s, a city of the size of Alessandria
//! opened in 0.3 s. The peer of the import is reading the same bytes and nothing else: a hash over the file.

use std::path::{Path, PathBuf};

use data::{city_folder, osm};
use divan::Bencher;

fn main() {
    divan::main();
}

fn monaco() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    std::env::var_os("GEMELLO_SHARED").map_or_else(beside, PathBuf::from).join("data/osm/monaco.osm.pbf")
}

fn import(path: &Path) -> engine::city::CityTables {
    let options = osm::Options { name: "Monaco".into(), time_zone: "Europe/Monaco".into(), epsg: None };
    let extract = osm::read(path).expect("monaco.osm.pbf lies in the shared data");
    osm::import("monaco", &extract, &options).expect("a city").tables
}

/// From the file to the folder on the disk, as `gemello import` does it.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn monaco_from_file_to_folder(bencher: Bencher) {
    let place = tempfile::tempdir().expect("a folder");
    bencher.bench_local(|| city_folder::write(&import(&monaco()), &place.path().join("city")).expect("written"));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn monaco_read_only(bencher: Bencher) {
    bencher.bench_local(|| osm::read(&monaco()).expect("an extract"));
}

/// 23,000 buildings and 8,000 links: of the size of Alessandria.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn city_folder_opened(bencher: Bencher) {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("city");
    city_folder::write(&import(&monaco()), &folder).expect("written");
    bencher.bench_local(|| city_folder::read(&folder).expect("a city"));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn peer_hash_of_the_file(bencher: Bencher) {
    bencher.bench_local(|| blake3::hash(&std::fs::read(monaco()).expect("the file")));
}
