// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace review::rust {

/// What a text may declare under a name.
enum class Declared : std::uint8_t {
    Function,     ///< also a method, and a trait's function without a body
    FreeFunction, ///< one that does not stand right in an `impl` or a trait
    AsyncFunction,
    GuardGetter, ///< a function with a body whose return type speaks of a guard or a counted reference
    Struct,      ///< also a union
    Enum,
    Static,     ///< also a constant
    Alias,      ///< `type Name`, an associated one too
    Owner,      ///< ownerName() of a trait, or of any name in an `impl`'s type
    Field,      ///< of a struct, of three bytes or more
    Implemented ///< a trait that an `impl` names
};

/// A name and its kind as one number. Two of 2^64 may be equal: an answer of "maybe" is then wrong, one of
/// "no" never.
using NameKey = std::uint64_t;
NameKey keyOf(Declared kind, std::string_view name);

/// The name by which a type is found as an owner: itself, or nothing for those that are no plain name:
/// `[u8]`, `(A, B)`, `dyn A + B`.
std::string_view ownerName(std::string_view type);

/// What a Rust text may declare, by its tokens alone: all that rust::File finds in it, and what looks like it
/// in macros. `impl` heads and `use` are not resolved. The views are parts of the text.
struct DeclaredNames {
    /// `impl Trait for Type`: each ownerName() in the type's place by itself.
    struct Impl {
        std::string_view trait; ///< the path's last part
        std::string_view type;
    };

    std::vector<NameKey> keys; ///< ascending, each once
    std::vector<Impl> traitImpls;
    std::vector<std::string_view> guardNames; ///< functions whose return type has "Guard" in it
    std::vector<std::string_view> uses;       ///< names in the `use` declarations at file level
    bool hasGlobs = false;                    ///< `use …::*` at file level

    bool declares(Declared kind, std::string_view name) const;
    bool mayUse(std::string_view name) const; ///< not by a glob
};

/// One pass, without recursion: about 300 MB of text a second.
DeclaredNames declaredNames(std::string_view text);

} // namespace review::rust
