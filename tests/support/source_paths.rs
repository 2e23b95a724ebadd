//! The paths that a Rust source names, as the compiler would resolve them within the file: `use` trees taken apart, renamed
//! and grouped imports followed. Names are not told apart by scope, so a path may be found that only looks like one.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::Visit;
use syn::{Ident, ItemExternCrate, ItemUse, Macro, UseTree};

/// How often a renamed import may be renamed again.
const RENAMES_MAX: usize = 8;

/// Every path of a source, its segments joined by `::`; what a glob import brings is told as `PATH::*`.
///
/// # Panics
/// Where the source is not Rust.
pub(crate) fn paths(source: &str) -> BTreeSet<String> {
    let file = syn::parse_file(source).expect("Rust");
    let mut named = Named::default();
    named.visit_file(&file);
    let resolved = named.paths.iter().flat_map(|path| resolve(path, &named.imports, RENAMES_MAX));
    resolved.map(|path| path.join("::")).collect()
}

/// The path and, where its first segment was imported, what that stands for.
fn resolve(path: &[String], imports: &BTreeMap<String, Vec<Vec<String>>>, renames: usize) -> Vec<Vec<String>> {
    let is_relative = |segment: &&String| matches!(segment.as_str(), "self" | "super" | "crate");
    let path = &path[path.iter().take_while(is_relative).count()..];
    let mut found = vec![path.to_vec()];
    if let (Some(first), true) = (path.first(), renames > 0) {
        for import in imports.get(first).into_iter().flatten().filter(|import| import.first() != Some(first)) {
            let longer = [import, &path[1..]].concat();
            found.extend(resolve(&longer, imports, renames - 1));
        }
    }
    found
}

/// What a source names.
#[derive(Default)]
struct Named {
    paths: Vec<Vec<String>>,
    /// Paths by the name that they are imported under.
    imports: BTreeMap<String, Vec<Vec<String>>>,
}

impl Named {
    fn import(&mut self, path: Vec<String>, name: &Ident) {
        self.imports.entry(text(name)).or_default().push(path.clone());
        self.paths.push(path);
    }

    fn tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |ident: &Ident| {
            let is_self = ident == "self" && !prefix.is_empty();
            if is_self { prefix.to_vec() } else { [prefix, &[text(ident)]].concat() }
        };
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => {
                // `use a::b::{self}` imports `b`.
                let last = prefix.last().map(|last| Ident::new(last, name.ident.span()));
                self.import(prefix.to_vec(), last.as_ref().unwrap_or(&name.ident));
            }
            UseTree::Name(name) => self.import(with(&name.ident), &name.ident),
            UseTree::Rename(rename) => self.import(with(&rename.ident), &rename.rename),
            UseTree::Glob(_) => self.paths.push([prefix, &["*".to_owned()]].concat()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(prefix, tree)),
        }
    }

    /// The paths among a macro's tokens, whatever the macro makes of them.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons): (Vec<String>, usize) = (Vec::new(), 0);
        let mut paths = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        paths.push(std::mem::take(&mut path));
                    }
                    path.push(text(&ident));
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    paths.push(std::mem::take(&mut path));
                    colons = 0;
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    paths.push(std::mem::take(&mut path));
                    colons = 0;
                }
            }
        }
        paths.push(path);
        self.paths.extend(paths.into_iter().filter(|path| !path.is_empty()));
    }
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        self.import(vec![text(&item.ident)], name);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.paths.push(path.segments.iter().map(|segment| text(&segment.ident)).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.tokens(called.tokens.clone());
        syn::visit::visit_macro(self, called);
    }
}

fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}
