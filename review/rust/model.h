// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/declared_names.h"
#include "review/rust/name_table.h"
#include "review/rust/source_file.h"
#include "review/rust/tree.h"
#include "review/rust/types.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
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
    /// In source order.
    std::span<const Function *const> functionsNamed(std::string_view name) const;
    const Struct *structNamed(std::string_view name) const; ///< the first of that name; null if none
    /// `type name = …`: the whole item, the first of that name; null if none.
    Node alias(std::string_view name) const;
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
    friend class SourceFile;
    /// A `use` inside a function or module, which counts only there.
    struct ScopedUse {
        Node scope;
        std::string path;
    };

    const SourceFile *m_source = nullptr; ///< which owns it
    std::string m_path;
    std::string m_edition;
    bool m_editionKnown = true;
    bool m_testFile = false;
    std::shared_ptr<const Tree> m_tree;
    std::vector<Function> m_functions;
    std::vector<const Function *> m_functionsByName; ///< ascending, those of one name in source order
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

/// The files of one side of a change and what surrounds them. A file is read when a question needs it: the
/// names that its text may declare say which ones that are. What is answered depends on the texts alone, not
/// on what was read before. May be asked by several threads, from link() on.
class Model {
public:
    /// Earlier files are named first where an answer lists several.
    void add(std::shared_ptr<const SourceFile> source);
    void add(std::unique_ptr<File> file);
    /// To be called once after the last add: builds the look-up tables, by one pass over each text. Where it
    /// is stopped, the model finds nothing.
    void link(unsigned threads = 1, const std::stop_token &stop = {});

    /// All files in the order of their adding. Whoever looks for something in all of them asks their texts
    /// first.
    const std::vector<std::shared_ptr<const SourceFile>> &sources() const { return m_sources; }
    const File *file(std::string_view path) const; ///< null if it has none of this path
    /// The file of a node; null for one of another model. The first files are found soonest.
    const File *fileOf(const Node &node) const;
    /// Files that may have functions of this type or trait, in `impl`s or its own.
    std::vector<const File *> filesWithOwner(std::string_view typeName) const;
    /// The struct a type's head names: the one in `from`'s file, else by its `use`, else the only one of that
    /// name; null if unknown or ambiguous.
    const Struct *findStruct(std::string_view name, const File &from) const;
    /// Methods of a type by name (several for several impls), inherent ones first.
    std::vector<const Function *> methods(std::string_view typeName, std::string_view method) const;
    /// Functions and methods of that name, wherever they are: the first `limit` of them.
    std::vector<const Function *>
    functionsNamed(std::string_view name, std::size_t limit = std::numeric_limits<std::size_t>::max()) const;
    /// Some text may declare it. Reads no file.
    bool mayDeclare(Declared kind, std::string_view name) const { return !m_names.find(kind, name).empty(); }
    /// Some file that declares a function of this name has this text in it. Reads none.
    bool mayDeclare(std::string_view function, std::string_view withText) const;
    /// Some function of that name returns something called a guard or a reference that is counted: asked
    /// before anything that costs more. Reads no file.
    bool mayReturnGuard(std::string_view function) const
    {
        return mayDeclare(Declared::GuardGetter, function);
    }
    const Struct *findEnum(std::string_view name, const File &from) const;
    const Static *findStatic(std::string_view name, const File &from) const;
    /// The only struct outside of test code that has a field of this name; null if there are several.
    const Struct *onlyStructWith(std::string_view field) const;
    /// The only method of this name outside of test code; null if there are several.
    const Function *onlyMethod(std::string_view name) const;
    struct Alias {
        Node item; ///< null if none
        const File *file = nullptr;
    };
    /// `type name = …`: that of `from`'s file, else, if that may stand elsewhere, the only one of that name.
    Alias alias(std::string_view name, const File &from, bool elsewhere) const;

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
    using Sources = std::vector<const SourceFile *>;
    struct Answers;
    struct Entry {
        std::uint32_t index = 0; ///< into m_sources
        std::shared_ptr<Answers> answers;
    };

    /// Null for a file that is not the model's.
    const Entry *entryOf(const File &file) const;
    /// Where answers about a node are kept; null for nodes that are not the file's.
    Answers *answersFor(const Node &node, const File &file) const;
    Functions foundCallees(const Node &call, const File &file) const;
    Functions pathCallees(const std::string &path, const Node &at, const File &file) const;
    bool hasStruct(std::string_view name) const;
    const std::vector<bool> &filesWith(std::string_view text) const;
    Functions traitMethods(std::string_view trait, std::string_view method) const;
    Functions providedMethods(const std::string &type, std::string_view method) const;
    bool hasImpl(std::string_view trait, std::string_view type) const;

    /// The files that the last module of a path may be: "crate::sync" → sync.rs, sync/mod.rs; `super` and
    /// `self` seen from a file.
    Sources moduleFiles(std::string_view modulePath, const File &from) const;
    /// Where a path of this crate leads in the end, through `pub use`: "crate::sync::Mutex" →
    /// "std::sync::Mutex"; the path itself if nowhere.
    std::string followed(std::string path, const File &from) const;
    /// A name that only a glob `use` can bring in; empty if none is known to.
    std::string fromGlobs(std::string_view name, const File &from) const;
    bool isOutside(std::string_view path) const;
    bool isOfOtherCrate(const std::string &path, const Function &function, const File &from) const;

    template <typename Item>
    const Item *choose(Declared kind, std::string_view name, const File &from,
                       const std::vector<Item> &(File::*items)() const) const;
    /// Calls `visit` with each file at these places, in order, until it returns false.
    template <typename Visit>
    void visit(std::span<const NameTable::Place> places, const Visit &visit) const;

    std::vector<std::shared_ptr<const SourceFile>> m_sources;
    NameTable m_names;
    std::unordered_map<std::string_view, const SourceFile *> m_sourcesByPath;
    std::unordered_map<std::string, Sources> m_sourcesByModule;
    /// With what was found out about the nodes of each file, since the rules ask the same again and again.
    std::unordered_map<const SourceFile *, Entry> m_entries;
    /// Which files have a text in them, worked out once for each text.
    struct Texts {
        std::mutex mutex;
        std::unordered_map<std::string, std::vector<bool>> files;
    };
    std::unique_ptr<Texts> m_texts = std::make_unique<Texts>();
};

} // namespace review::rust
