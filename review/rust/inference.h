// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <optional>
#include <string_view>

namespace review::rust {

/// Finds the type of one expression by declarations and what is written in its body (rules: fields,
/// parameters, lets, constructors, calls of known functions, patterns, closures of iterators). Bounded in
/// steps and depth; what isn't known stays unknown.
class Inference {
public:
    explicit Inference(const Model &model) : m_model(model) {}

    Type of(const Node &expression, const File &file);

    /// What a reference, smart pointer or guard stands for; null for other types.
    static const Type *target(const Type &type);
    /// A method name that so many types have that the name alone says nothing.
    static bool isCommonName(std::string_view name);
    /// The only struct outside of test code that has a field of this name; null if there are several, or the
    /// name is too short to tell.
    static const Struct *onlyOwner(std::string_view field, const Model &model);

private:
    Type found(const Node &expression, const File &file);
    Type ofName(const Node &identifier, const File &file);
    Type ofField(const Node &expression, const File &file);
    Type ofIndex(const Node &expression, const File &file);
    Type ofCall(const Node &expression, const File &file);
    Type ofPathCall(const Call &call, const File &file);
    Type ofConstructor(const Call &call, const std::string &resolved, const File &file);
    Type ofMethodCall(const Call &call, const File &file);
    Type ofUniqueMethod(const Call &call, const File &file);
    Type ofMacro(const Node &expression, const File &file);
    Type ofBlock(const Node &block, const File &file);
    Type ofBranches(const Node &expression, const File &file);
    Type ofLiteral(const Node &expression) const;
    Type selfType(const Node &at, const File &file);

    Type ofBinding(const Node &binding, const Node &identifier, const File &file);
    Type ofParameter(const Node &parameter, const Node &identifier, const File &file);
    Type ofClosureParameter(const Node &parameter, const File &file);
    Type ofScrutinee(const Node &pattern, const File &file);
    Type ofElement(const Type &iterated) const;
    Type inPattern(const Node &pattern, const Node &identifier, Type type, const File &file);
    Type ofVariantField(const Node &pattern, const std::string &field, const Type &type, const File &file);

    Type fieldOf(const Type &owner, std::string_view field, const File &file) const;
    Type returnTypeOf(const Function &function, const Type &receiver) const;
    Type ofClosureResult(const Node &closure, const File &file);

    const Model &m_model;
    int m_depth = 0;
    int m_steps = 0;
    int m_deepest = 0;    ///< the greatest depth at which something was asked
    bool m_isCut = false; ///< a bound was reached: what is found then is not for keeping
};

/// What a well-known method of the standard library, tokio and their kin returns; nullopt if it is not in the
/// table.
std::optional<Type> wellKnownMethod(const Type &receiver, std::string_view method);
/// What a well-known function returns by its full path; nullopt if it is not in the table. `argument` is the
/// type of the first argument or the turbofish's.
std::optional<Type> wellKnownFunction(std::string_view path, const Type &argument);

} // namespace review::rust
