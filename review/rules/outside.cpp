// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"

#include "review/rules/call_search.h"
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <cctype>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// "u16" of `get_u16_le`, `read_u16`, "u16::from_be_bytes"; empty if the name says none.
std::string_view integerIn(std::string_view name)
{
    for (const std::string_view type :
         {"u16", "u32", "u64", "u128", "i16", "i32", "i64", "usize", "u8", "i8"}) {
        const std::size_t at = name.find(type);
        const bool begins = at == 0 || (at != std::string_view::npos && name[at - 1] == '_');
        const std::size_t end = at + type.size();
        if (begins && (end >= name.size() || name[end] == '_' || name[end] == ':'))
            return type;
    }
    return {};
}

/// Reads an integer from bytes.
bool decodes(const Call &call)
{
    const bool variable =
        isOneOf(call.name, {"get_var", "get_varint", "read_varint", "decode_varint", "read_var_u64",
                            "decode_var_u64", "read_varint32", "read_varint64", "read_vint", "get_vint"});
    if (variable)
        return true;
    if (call.isMethod())
        return (call.name.starts_with("get_") || call.name.starts_with("read_")) && call.arguments.empty() &&
               !integerIn(call.name.substr(call.name.find('_') + 1)).empty();
    return isOneOf(call.name, {"from_be_bytes", "from_le_bytes"}) && !integerIn(call.path).empty();
}

std::string_view turbofishOf(const Node &call)
{
    const Node types = call.field("function").field("type_arguments");
    return types.firstNamedChild().text();
}

/// Parses an integer from text that is no literal.
bool parses(const Call &call)
{
    if (call.name == "from_str_radix")
        return !call.arguments.empty() && !isConstant(call.arguments.front());
    return call.isMethod() && call.name == "parse" && call.arguments.empty() &&
           !integerIn(turbofishOf(call.node)).empty() && !isConstant(call.receiver);
}

bool isNumberSource(const Node &node)
{
    const Call &call = rust::toCall(node);
    return call && (decodes(call) || parses(call));
}

/// Only conversions of the number itself; `min` and the like end the search.
bool converts(const Call &call)
{
    if (call.isMethod())
        return isOneOf(call.name, {"into", "try_into", "unwrap_or_default", "to_usize", "unwrap_or"});
    return call.name == "try_from" || call.name == "from";
}

unsigned bitsOf(std::string_view type)
{
    if (type == "usize" || type == "isize")
        return 64;
    unsigned bits = 0;
    for (const char c : type.substr(type.empty() ? 0 : 1)) {
        if (std::isdigit(static_cast<unsigned char>(c)))
            bits = bits * 10 + static_cast<unsigned>(c - '0');
    }
    return bits;
}

std::string_view sourceType(const Call &call)
{
    if (call.name == "parse")
        return integerIn(turbofishOf(call.node));
    return integerIn(call.isMethod() || decodes(call) ? (call.path.empty() ? call.name : call.path)
                                                      : call.path);
}

/// The type of the outermost cast or annotation on the way to the source.
std::string_view typeOnTheWay(Node node, const Node &source, std::string_view own)
{
    for (int steps = 0; node && node != source && steps < 12; ++steps) {
        if (node.is("type_cast_expression"))
            return node.field("type").text();
        if (node.is("identifier")) {
            const Node binding = rust::bindingOf(node);
            if (binding.is("let_declaration") && binding.field("type"))
                return binding.field("type").text();
            node = valueOf(binding);
        } else {
            const Node stripped = rust::stripAdapters(node);
            const Call &call = rust::toCall(stripped);
            if (stripped != node)
                node = stripped;
            else if (call && !call.isMethod() && call.name == "from")
                return call.path.substr(0, call.path.find(':')) == "usize" ? "usize" : integerIn(call.path);
            else
                return call || node.is("binary_expression") ? std::string_view() : own;
        }
    }
    return own;
}

} // namespace

OutsideNumber outsideNumber(const Node &expression)
{
    OutsideNumber number;
    number.source = originOf(expression, isNumberSource, converts);
    if (!number)
        return number;
    const Call source = rust::toCall(number.source); // `own` may be a part of its path
    const std::string_view own = sourceType(source);
    number.bits = bitsOf(own);
    number.type = typeOnTheWay(expression, number.source, own);
    if (const unsigned limit = bitsOf(number.type); limit > 0 && limit < number.bits)
        number.bits = limit;
    return number;
}

bool readsNumbers(const rust::File &file)
{
    return hasAny(file, {"get_u", "get_i", "get_var", "read_u", "read_i", "read_v", "e_bytes(", "_var",
                         ".parse", "from_str_radix"});
}

std::vector<Node> inputsOf(const rust::Function &function)
{
    std::vector<Node> inputs;
    const std::string where = compact(function.node.field("type_parameters").text());
    for (const Node &parameter : function.node.field("parameters").namedChildren()) {
        if (!parameter.is("parameter"))
            continue;
        std::string type = compact(parameter.field("type").text());
        const bool generic =
            type.size() <= 6 && !where.empty() &&
            (where.find(":Buf") != std::string::npos || where.find("Read") != std::string::npos ||
             where.find("bytes::Buf") != std::string::npos || where.find("AsRef<[u8]>") != std::string::npos);
        const bool plain =
            type.find("[u8]") != std::string::npos || type.ends_with("Bytes") || type.ends_with("BytesMut") ||
            type.find("implBuf") != std::string::npos || type.find("dynBuf") != std::string::npos ||
            type.find("implRead") != std::string::npos || type.find("implBufRead") != std::string::npos ||
            type.find("dynRead") != std::string::npos || type.find("AsyncRead") != std::string::npos ||
            type.find("Cursor") != std::string::npos || type.ends_with("&str") || type.ends_with("Decoder");
        if ((generic && type.starts_with("&mut")) || plain)
            inputs.push_back(parameter);
    }
    return inputs;
}

bool isDecoder(const rust::Function &function)
{
    const std::string_view name = function.name;
    const bool named = name.starts_with("decode") || name.starts_with("parse") || name == "read" ||
                       name.starts_with("read_") || name.starts_with("from_") ||
                       name.starts_with("deserialize") || name.starts_with("unpack") ||
                       name.starts_with("unmarshal") || name.ends_with("_decode") ||
                       name.ends_with("_from_bytes") || name.ends_with("_from_slice");
    return named && name != "extend_from_slice" && name != "copy_from_slice" && name != "from_cli_arg" &&
           !inputsOf(function).empty();
}

bool comesFromInput(const Node &expression, const std::vector<Node> &inputs)
{
    const IsSource isInput = [&](const Node &node) {
        return node.is("identifier") &&
               std::find(inputs.begin(), inputs.end(), rust::bindingOf(node)) != inputs.end();
    };
    const auto follows = [](const Call &call) {
        return !isOneOf(call.name, {"len", "is_empty", "remaining", "position", "capacity"});
    };
    return bool(originOf(expression, isInput, follows));
}

bool canRefuse(const rust::Function &function)
{
    return function.returnsResult() || function.returnType.text().starts_with("Option<") ||
           function.returnType.text().find("Result<") != std::string_view::npos;
}

double doubtOf(const Node &node, const rust::File &file)
{
    const rust::Function *function = file.functionAt(node);
    if (!function)
        return 1;
    // Damage is noticed before, or nobody else writes such a file.
    if (mentions(function->body.text(), {"checksum", "crc32", "xxhash", "_verify"}) ||
        mentions(file.path(), {"spill", "sst", "/block", "btree", "memtable", "store", "storage"}))
        return 0.7;
    // A helper of this crate goes on in a buffer that its caller has begun, and may have measured.
    const bool shown = function->isPublic && !function->node.text().starts_with("pub(");
    const bool helper = !shown && function->traitName.empty();
    const std::vector<Node> inputs = inputsOf(*function);
    const bool goesOn = helper && std::any_of(inputs.begin(), inputs.end(), [](const Node &input) {
                            return input.field("type").text().starts_with("&mut");
                        });
    const bool takesBuffer = !inputs.empty() || function->node.field("type_parameters").text().find("Buf") !=
                                                    std::string_view::npos;
    return (!canRefuse(*function) && takesBuffer) || goesOn ? 0.7 : 1;
}

bool isTool(const rust::File &file)
{
    const std::string &path = file.path();
    return path.ends_with("main.rs") || path.ends_with("build.rs") ||
           mentions(path, {"/bin/",    "xtask",     "cli/",     "-cli",       "_cli",      "ctl/",
                           "tools/",   "tool/",     "cmd/",     "scripts/",   "bench",     "fuzz",
                           "test",     "example",   "codegen",  "automation", "harness",   "e2e",
                           "build/",   "simulator", "bogo",     "util/gen",   "tutorial",  "/cargo-",
                           "-derive/", "_derive/",  "-macros/", "_macros/",   "macros/src"}) ||
           path.starts_with("cargo-") || path.starts_with("bin/");
}

bool isTestOrTool(const Node &node, const rust::File &file)
{
    if (file.isTestFile() || isTool(file) || file.isTest(node))
        return true;
    for (Node around = node.parent(); around; around = around.parent()) {
        if ((around.is("if_expression") && mentions(around.field("condition").text(), {"cfg!(test)"})) ||
            (around.is("mod_item") && mentions(around.field("name").text(), {"bench"})))
            return true;
    }
    return false;
}

} // namespace review::rules
