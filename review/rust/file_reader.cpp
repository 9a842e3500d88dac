// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/file_reader.h"

#include "review/rust/path_parts.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

/// What may be test code by itself, the items among it.
constexpr std::array<std::string_view, 15> itemKinds{"function_item",
                                                     "function_signature_item",
                                                     "struct_item",
                                                     "union_item",
                                                     "enum_item",
                                                     "impl_item",
                                                     "static_item",
                                                     "const_item",
                                                     "use_declaration",
                                                     "type_item",
                                                     "mod_item",
                                                     "trait_item",
                                                     "foreign_mod_item",
                                                     "attribute_item",
                                                     "inner_attribute_item"};

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// What stands inside `#[…]` or `#![…]`.
std::string attributeText(const Node &node)
{
    std::string_view text = node.text();
    const std::size_t open = text.find('[');
    const std::size_t close = text.rfind(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return {};
    return std::string(trimmed(text.substr(open + 1, close - open - 1)));
}

/// One doc comment without its marks; empty for other comments.
std::string_view docText(const Node &comment)
{
    std::string_view text = comment.text();
    for (const std::string_view mark : {"///", "//!", "/**", "/*!"}) {
        if (!text.starts_with(mark))
            continue;
        text.remove_prefix(mark.size());
        if (mark[1] == '*' && text.ends_with("*/"))
            text.remove_suffix(2);
        return text.starts_with('/') ? std::string_view() : trimmed(text);
    }
    return {};
}

std::string docsOf(const Node &item)
{
    std::vector<std::string_view> parts;
    for (Node before = item.previousNamedSibling();
         before.isAny({"line_comment", "block_comment", "attribute_item"});
         before = before.previousNamedSibling()) {
        if (const std::string_view text = docText(before); !text.empty())
            parts.push_back(text);
    }
    std::string docs;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        docs += (docs.empty() ? "" : "\n") + std::string(*part);
    return docs;
}

/// The head of an impl's or trait's type: `Store<K>` → "Store", `&'a mut T` → "T".
std::string typeHead(Node type)
{
    while (type.isAny({"reference_type", "generic_type", "pointer_type"}))
        type = type.field("type");
    if (type.isAny({"dynamic_type", "abstract_type"}))
        return typeHead(type.field("trait"));
    return type.is("scoped_type_identifier") ? std::string(type.field("name").text())
                                             : std::string(type.text());
}

std::vector<Parameter> parametersOf(const Node &function)
{
    std::vector<Parameter> parameters;
    for (const Node &node : function.field("parameters").namedChildren()) {
        if (node.is("self_parameter")) {
            parameters.push_back({"self", node, Node()});
        } else if (node.is("parameter")) {
            const Node pattern = node.field("pattern");
            const bool plain = pattern.isAny({"identifier", "self"});
            parameters.push_back({plain ? std::string(pattern.text()) : "", pattern, node.field("type")});
        }
    }
    return parameters;
}

void readModifiers(const Node &modifiers, Function &function)
{
    for (const Node &part : modifiers.children()) {
        if (part.text() == "async")
            function.isAsync = true;
        else if (part.text() == "unsafe")
            function.isUnsafe = true;
        else if (part.is("extern_modifier")) {
            const std::string_view text = part.text();
            const std::size_t quote = text.find('"');
            function.abi = quote == std::string_view::npos
                               ? "C"
                               : std::string(text.substr(quote + 1, text.rfind('"') - quote - 1));
        }
    }
}

/// `#[tokio::main]`, `#[rt::main(flavor = "…")]`, `#[tokio::test]`: the function is called like any other and
/// runs the async body to its end. `#[maybe_async]` may do so.
bool runsItsFuture(std::string_view attribute)
{
    const std::string_view path = attribute.substr(0, attribute.find_first_of("( \t\n="));
    const std::string_view last = path.substr(path.rfind(':') + 1);
    return last == "main" || last == "test" || last == "maybe_async";
}

} // namespace

std::vector<std::string> attributesOf(const Node &item)
{
    std::vector<std::string> attributes;
    for (Node before = item.previousNamedSibling();
         before.isAny({"line_comment", "block_comment", "attribute_item"});
         before = before.previousNamedSibling()) {
        if (before.is("attribute_item"))
            attributes.push_back(attributeText(before));
    }
    std::reverse(attributes.begin(), attributes.end());
    for (const Node &child : item.field("body").children()) {
        if (child.is("inner_attribute_item"))
            attributes.push_back(attributeText(child));
    }
    return attributes;
}

bool isTestAttribute(std::string_view attribute)
{
    const std::string_view head = attribute.substr(0, attribute.find_first_of("( \t\n="));
    if (head == "cfg") {
        // `cfg(any(test, …))` counts, `cfg(not(test))` does not; loom builds are tests too.
        if (attribute.find("not(") != std::string_view::npos)
            return false;
        for (const std::string_view word : {"test", "loom", "fuzzing", "bench"}) {
            const std::size_t at = attribute.find(word);
            if (at == std::string_view::npos)
                continue;
            const char before = attribute[at - 1];
            const char after = at + word.size() < attribute.size() ? attribute[at + word.size()] : ')';
            if ((before == '(' || before == ' ' || before == ',') &&
                (after == ')' || after == ',' || after == ' '))
                return true;
        }
        return false;
    }
    return head == "test" || head == "bench" || head.ends_with("::test") || head == "rstest" ||
           head == "test_case" || head == "quickcheck" || head == "proptest" || head == "wasm_bindgen_test";
}

bool isTestPath(std::string_view path)
{
    std::size_t begin = 0;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', begin)) {
        const std::string_view folder = path.substr(begin, slash - begin);
        for (const std::string_view name :
             {"tests",       "test",      "benches", "bench",   "benchmark", "benchmarks", "examples",
              "fuzz",        "fuzzer",    "interop", "testing", "testkit",   "testutil",   "testutils",
              "integration", "simulator", "mock",    "mocks",   "snippets",  "fixtures"}) {
            if (folder == name)
                return true;
        }
        // Crates that hold what tests share: test_util, tests-integration, rustls-test.
        for (const std::string_view prefix : {"test_", "test-", "tests-", "tests_", "bench-", "bench_"}) {
            if (folder.starts_with(prefix))
                return true;
        }
        for (const std::string_view suffix :
             {"-test", "_test", "-tests", "_tests", "-bench", "_bench", "-fuzz", "-simulator", "_simulator",
              "-dst", "_dst", "-testing", "_testing", "-mock", "_mock", "-test-utils", "_test_utils",
              "-test-util", "_test_util"}) {
            if (folder.ends_with(suffix))
                return true;
        }
        begin = slash + 1;
    }
    const std::string_view name = path.substr(begin);
    for (const std::string_view whole : {"build.rs", "tests.rs", "test.rs", "testing.rs", "testutil.rs",
                                         "testutils.rs", "mock.rs", "mocks.rs", "fixtures.rs"}) {
        if (name == whole)
            return true;
    }
    return name.starts_with("test_") || name.starts_with("mock_") || name.ends_with("_test.rs") ||
           name.ends_with("_tests.rs") || name.ends_with("_mock.rs");
}

void FileReader::read()
{
    const std::string_view text = m_file.tree().text();
    m_file.m_testFile = isTestPath(m_file.path()) ||
                        text.substr(0, 1024).find("@generated") != std::string_view::npos ||
                        text.substr(0, 256).find("automatically generated by") != std::string_view::npos;
    for (const Node &child : m_file.root().children()) {
        if (child.is("inner_attribute_item") && isTestAttribute(attributeText(child)))
            m_file.m_testFile = true;
    }
    std::vector<Node> items;
    for (const std::string_view kind : itemKinds) {
        const std::vector<Node> found = m_file.root().descendants(kind);
        items.insert(items.end(), found.begin(), found.end());
    }
    for (const Node &attribute : m_file.root().descendants("attribute_item")) {
        const Node next = attribute.nextNamedSibling();
        if (next.is("expression_statement") && next.previousNamedSibling() == attribute)
            items.push_back(next);
    }
    std::sort(items.begin(), items.end(), [](const Node &a, const Node &b) { return a.index() < b.index(); });
    for (const Node &item : items)
        readItem(item);
    for (Function &function : m_file.m_functions) {
        function.isTest = m_file.isTest(function.node);
        m_file.m_functionsByName.push_back(&function);
    }
    std::ranges::stable_sort(m_file.m_functionsByName, {},
                             [](const Function *function) { return std::string_view(function->name); });
}

void FileReader::readItem(const Node &node)
{
    if (node.isAny({"function_item", "function_signature_item"}))
        readFunction(node);
    else if (node.isAny({"struct_item", "union_item"}))
        readStruct(node, m_file.m_structs);
    else if (node.is("enum_item"))
        readStruct(node, m_file.m_enums);
    else if (node.is("impl_item"))
        readImpl(node);
    else if (node.isAny({"static_item", "const_item"}))
        readStatic(node);
    else if (node.is("use_declaration"))
        readUse(node);
    else if (node.is("type_item") && node.ancestor({"impl_item", "trait_item"}) == Node())
        m_file.m_aliases.emplace(node.field("name").text(), node);
    readTestScope(node);
}

void FileReader::readFunction(const Node &node)
{
    Function function;
    function.file = &m_file;
    function.name = node.field("name").text();
    function.node = node;
    function.body = node.field("body");
    function.returnType = node.field("return_type");
    function.parameters = parametersOf(node);
    function.attributes = attributesOf(node);
    function.docs = docsOf(node);
    for (const Node &child : node.children()) {
        if (child.is("function_modifiers"))
            readModifiers(child, function);
        else if (child.is("visibility_modifier"))
            function.isPublic = true;
    }
    if (std::any_of(function.attributes.begin(), function.attributes.end(), runsItsFuture))
        function.isAsync = false;
    const Node owner = node.ancestor({"impl_item", "trait_item", "function_item", "foreign_mod_item"});
    if (owner.is("impl_item")) {
        function.selfType = typeHead(owner.field("type"));
        function.traitName = lastPart(pathOf(owner.field("trait")));
    } else if (owner.is("trait_item")) {
        function.selfType = owner.field("name").text();
    } else if (owner.is("foreign_mod_item") && function.abi.empty()) {
        readModifiers(owner, function);
    }
    m_file.m_functions.push_back(std::move(function));
}

void FileReader::readStruct(const Node &node, std::vector<Struct> &into)
{
    Struct found;
    found.file = &m_file;
    found.name = node.field("name").text();
    found.attributes = attributesOf(node);
    found.node = node;
    for (const Node &parameter : node.field("type_parameters").namedChildren()) {
        if (parameter.is("type_identifier"))
            found.generics.emplace_back(parameter.text());
        else if (parameter.is("type_parameter"))
            found.generics.emplace_back(parameter.field("name").text());
    }
    const Node body = node.field("body");
    std::size_t number = 0;
    for (const Node &child : body.namedChildren()) {
        if (child.is("field_declaration"))
            found.fields.push_back({std::string(child.field("name").text()), child.field("type"), child});
        else if (body.is("ordered_field_declaration_list") && child.fieldName() == "type")
            found.fields.push_back({std::to_string(number++), child, child});
    }
    into.push_back(std::move(found));
}

void FileReader::readImpl(const Node &node)
{
    Impl impl;
    impl.file = &m_file;
    impl.typeName = typeHead(node.field("type"));
    impl.traitName = lastPart(pathOf(node.field("trait")));
    impl.node = node;
    for (const Node &child : node.children())
        impl.isUnsafe = impl.isUnsafe || child.is("unsafe");
    m_file.m_impls.push_back(std::move(impl));
}

void FileReader::readStatic(const Node &node)
{
    Static found;
    found.file = &m_file;
    found.name = node.field("name").text();
    found.type = node.field("type");
    found.node = node;
    for (const Node &child : node.children())
        found.isMut = found.isMut || child.is("mutable_specifier");
    if (found.type)
        m_file.m_statics.push_back(std::move(found));
}

void FileReader::readUse(const Node &node)
{
    const Node scope = node.ancestor({"block", "declaration_list"});
    const std::vector<std::string> attributes = attributesOf(node);
    const bool test = std::any_of(attributes.begin(), attributes.end(), isTestAttribute);
    for (UsedName &used : usedNames(node)) {
        if (scope) {
            if (used.name != "*")
                m_file.m_scopedUses[used.name].push_back({scope, std::move(used.path)});
        } else if (used.name == "*") {
            m_file.m_globUses.push_back(std::move(used.path));
        } else if (!test || !m_file.m_uses.contains(used.name)) {
            m_file.m_uses[used.name] = std::move(used.path);
        }
    }
}

void FileReader::readTestScope(const Node &node)
{
    auto &scopes = m_file.m_testScopes;
    if (!scopes.empty() && node.isInside(scopes.back()))
        return;
    const std::vector<std::string> attributes = attributesOf(node);
    const bool test = std::any_of(attributes.begin(), attributes.end(), isTestAttribute) ||
                      (node.is("mod_item") && node.field("name").text() == "tests" && node.field("body"));
    if (test)
        scopes.push_back(node);
}

} // namespace review::rust
