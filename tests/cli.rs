//! What the command line says of bad input: golden tests. Files in `tests/cli/*.trycmd` hold commands with their exit code and
//! every word they print; `TRYCMD=overwrite cargo test --test cli` writes them anew, to be read before they are kept.

#[test]
fn the_command_line_says_what_is_wrong_and_what_to_do() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").run();
}
