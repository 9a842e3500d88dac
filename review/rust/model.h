// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"
#include "review/rust/types.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace review::rust {

class File;

struct Parameter {
    std::string name; ///< empty for patterns other than a plain name; "self" for the receiver
    Node pattern;
    Node type; ///< null for `self` without a type
};

/// A function, method, or trait function with or without a body. Closures and async blocks are no functions
/// of their own here; see flow.h.
struct Function {
    const File *file = nullptr;
    std::string name;
    std::string selfType;  ///< the impl's or trait's type head as written ("Store"); empty for free functions
    std::string traitName; ///< the implemented trait; empty if none
    Node node;             ///< function_item or function_signature_item
    Node body;             ///< block; null for a signature
    Node returnType;       ///< null for ()
    std::vector<Parameter> parameters;
    std::vector<std::string> attributes; ///< texts inside `#[…]`, in order, of the function itself
    std::string docs;                    ///< doc comment text
    std::string abi;                     ///< "C", "C-unwind", "system" …; empty if not extern
    bool isAsync = false;
    bool isUnsafe = false;
    bool isPublic = false;
    bool isTest = false; ///< in test code: #[test], #[cfg(test)], tests/, benches/, examples/ …
    /// "Store::commit", "main": for people and ids.
    std::string path() const;
    bool returnsResult() const; ///< Result, io::Result, or an alias ending in Result; also Option is not one
};

struct Field {
    std::string name; ///< "0", "1" … in tuple structs
    Node type;
    Node node;
};

struct Struct {
    const File *file = nullptr;
    std::string name;
    std::vector<std::string> generics; ///< type parameters
    std::vector<Field> fields;
    std::vector<std::string> attributes;
    Node node;
};

struct Impl {
    const File *file = nullptr;
    std::string typeName;  ///< type head as written
    std::string traitName; ///< path's last part; empty for an inherent impl
    bool isUnsafe = false;
    Node node;
};

struct Static {
    const File *file = nullptr;
    std::string name;
    Node type;
    bool isMut = false;
    Node node;
};

/// One file's items. Everything is found by one walk of its tree.
class File {
public:
    /// An empty edition is one that was not found.
    File(std::string path, std::string edition, std::shared_ptr<const Tree> tree);
    File(const File &) = delete; // functions and structs point to their file
    File &operator=(const File &) = delete;

    const std::string &path() const { return m_path; }
    /// "2015", "2018", "2021", "2024"; "2021" is assumed where the manifest was not seen (then editionKnown()
    /// is false).
    const std::string &edition() const { return m_edition; }
    bool editionKnown() const { return m_editionKnown; }
    const Tree &tree() const { return *m_tree; }
    const std::shared_ptr<const Tree> &sharedTree() const { return m_tree; }
    Node root() const { return m_tree->root(); }

    const std::vector<Function> &functions() const { return m_functions; }
    const std::vector<Struct> &structs() const { return m_structs; }
    const std::vector<Struct> &enums() const { return m_enums; } ///< without fields
    const std::vector<Impl> &impls() const { return m_impls; }
    const std::vector<Static> &statics() const { return m_statics; } ///< lazy_static! ones too
    /// The path a name stands for by this file's `use` declarations; the name itself if none. `crate::`,
    /// `self::`, `super::` stay as written.
    std::string resolve(std::string_view path) const;
    /// As resolve(), with the `use` declarations of the scopes around `at` first.
    std::string resolveAt(std::string_view path, const Node &at) const;
    /// The innermost function around a node; null if none.
    const Function *functionAt(const Node &node) const;
    /// "impl Store › fn commit", "mod wire › struct Header"; empty at file level.
    std::string itemAt(const Node &node) const;
    /// In test code, benches, examples, build scripts or generated code (`@generated`).
    bool isTest(const Node &node) const;
    bool isTestFile() const { return m_testFile; }

private:
    friend class FileReader;
    friend class Model;
    /// A `use` inside a function or module, which counts only there.
    struct ScopedUse {
        Node scope;
        std::string path;
    };

    std::string m_path;
    std::string m_edition;
    bool m_editionKnown = true;
    bool m_testFile = false;
    std::shared_ptr<const Tree> m_tree;
    std::vector<Function> m_functions;
    std::vector<Struct> m_structs;
    std::vector<Struct> m_enums;
    std::vector<Impl> m_impls;
    std::vector<Static> m_statics;
    std::vector<Node> m_testScopes; ///< in source order, not inside each other
    std::unordered_map<std::string, std::string> m_uses;
    std::unordered_map<std::string, std::vector<ScopedUse>> m_scopedUses;
    std::vector<std::string> m_globUses;
    std::unordered_map<std::string, Node> m_aliases; ///< `type Name = …`: the whole item
};

/// The files of one side of a change and what surrounds them. Immutable once built; may be read by several
/// threads.
class Model {
public:
    void add(std::unique_ptr<File> file);
    /// To be called once after the last add: builds the look-up tables.
    void link();

    const std::vector<std::unique_ptr<File>> &files() const { return m_files; }
    const File *file(std::string_view path) const;
    /// The struct a type's head names: the one in `from`'s file, else by its `use`, else the only one of that
    /// name; null if unknown or ambiguous.
    const Struct *findStruct(std::string_view name, const File &from) const;
    /// Methods of a type by name (several for several impls), inherent ones first.
    std::vector<const Function *> methods(std::string_view typeName, std::string_view method) const;
    /// All functions and methods of that name, wherever they are.
    const std::vector<const Function *> &functionsNamed(std::string_view name) const;
    /// Some function of that name returns something called a guard or a reference that is counted: asked
    /// before anything that costs more.
    bool mayReturnGuard(std::string_view function) const;
    const Struct *findEnum(std::string_view name, const File &from) const;
    const Static *findStatic(std::string_view name, const File &from) const;

    /// The functions a call may reach, at most three: `self.m()`, `Self::m()`, `Type::m()`, `module::f()`, a
    /// receiver of inferred type, else the only one of that name. Empty when unknown. Calls inside spawned
    /// closures are still calls: ask flow.h what runs when.
    std::vector<const Function *> callees(const Node &call, const File &file) const;

    /// A type node read with this file's uses.
    Type typeOf(const Node &typeNode, const File &file) const;
    /// What an expression's type is, by declarations and local inference (rules.md §3.2); unknown rather than
    /// guessed.
    Type infer(const Node &expression, const File &file) const;

private:
    friend class Inference;
    friend class TypeReader;
    using Functions = std::vector<const Function *>;
    using FunctionsByName = std::unordered_map<std::string, Functions>;
    struct Answers;

    /// Where answers about a node are kept; null for nodes that are not the file's.
    Answers *answersFor(const Node &node, const File &file) const;
    Functions foundCallees(const Node &call, const File &file) const;
    static const Functions &named(const FunctionsByName &functions, std::string_view name);

    /// The files that the last module of a path may be: "crate::sync" → sync.rs, sync/mod.rs; `super` and
    /// `self` seen from a file.
    std::vector<const File *> moduleFiles(std::string_view modulePath, const File &from) const;
    /// Where a path of this crate leads in the end, through `pub use`: "crate::sync::Mutex" →
    /// "std::sync::Mutex"; the path itself if nowhere.
    std::string followed(std::string path, const File &from) const;
    /// A name that only a glob `use` can bring in; empty if none is known to.
    std::string fromGlobs(std::string_view name, const File &from) const;
    Functions traitMethods(std::string_view trait, std::string_view method) const;
    Functions pathCallees(const std::string &path, const Node &at, const File &file) const;

    std::vector<std::unique_ptr<File>> m_files;
    FunctionsByName m_functionsByName;
    FunctionsByName m_freeFunctions;                ///< those of no type
    FunctionsByName m_methods;                      ///< those of a type, outside of test code
    FunctionsByName m_methodsByOwner;               ///< by "Type::method"
    std::unordered_set<std::string> m_guardReturns; ///< names, see mayReturnGuard()
    std::unordered_map<std::string, std::vector<const Struct *>> m_structsByName;
    std::unordered_map<std::string, std::vector<const Struct *>> m_enumsByName;
    std::unordered_map<std::string, std::vector<const Static *>> m_staticsByName;
    std::unordered_map<std::string, std::vector<const Impl *>> m_implsByType;
    std::unordered_map<std::string, std::vector<std::pair<Node, const File *>>> m_aliasesByName;
    std::unordered_map<std::string, const File *> m_filesByPath;
    std::unordered_map<std::string, std::vector<const File *>> m_filesByModule;
    /// Field name → the structs that have it, for the unique-field fallback.
    std::unordered_map<std::string, std::vector<const Struct *>> m_structsByField;
    /// What was found out about the nodes of each file, since the rules ask the same again and again.
    std::unordered_map<const Tree *, std::shared_ptr<Answers>> m_answers;
};

} // namespace review::rust
