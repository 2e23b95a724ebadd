"""Opens a city folder with GeoPandas, pandas and DuckDB, as an analyst would, and holds what they see against city.toml.

    python3 -m venv venv && venv/bin/pip install geopandas pyarrow duckdb
    venv/bin/python tests/python/open_city.py CITY
"""

import sys
import tomllib
from pathlib import Path

import duckdb
import geopandas
import pandas
import pyarrow.parquet

folder = Path(sys.argv[1])
about = tomllib.loads((folder / "city.toml").read_text())
connection = duckdb.connect()
for name, table in sorted(about["tables"].items()):
    path = folder / table["file"]
    has_geometry = b"geo" in (pyarrow.parquet.read_metadata(path).metadata or {})
    frame = (geopandas if has_geometry else pandas).read_parquet(path)
    assert len(frame) == table["rows"], f"{name}: {len(frame)} rows, {table['rows']} in city.toml"
    assert list(frame["key"]) == sorted(frame["key"]), f"{name}: not sorted by key"
    if has_geometry:
        assert frame.crs.to_epsg() == about["epsg"], f"{name}: {frame.crs}"
        assert frame.crs.equals(f"EPSG:{about['epsg']}", ignore_axis_order=True), f"{name}: PROJJSON differs from EPSG's"
        invalid = list(frame["key"][~frame.geometry.is_valid])
        if invalid:
            print(f"{name}: {len(invalid)} rows with a geometry that is not simple, such as {invalid[0]}")
    counted = connection.execute(f"SELECT count(*), count(DISTINCT key) FROM '{path}'").fetchone()
    assert counted == (table["rows"], table["rows"]), f"{name}: DuckDB counts {counted}"
    print(f"{name}: {len(frame)} rows" + (f", {sorted(set(frame.geometry.geom_type))}" if has_geometry else ""))
links = geopandas.read_parquet(folder / about["tables"]["links"]["file"])
straight = links.geometry.length <= links["length_m"] + 0.01
print(f"{about['name']}: {links.geometry.length.sum() / 1000:.1f} km of links, {straight.mean():.1%} as long as their geometry")
try:
    connection.execute("LOAD spatial")
    file = folder / about["tables"]["links"]["file"]
    print("DuckDB spatial:", connection.execute(f"SELECT sum(ST_Length(geometry)) FROM '{file}'").fetchone())
except duckdb.Error as error:
    print(f"DuckDB's spatial extension is not installed here, so geometry was opened as bytes ({str(error).splitlines()[0]})")
