// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/bracket_depth.h"
#include "review/rust/byte_stream.h"
#include "review/rust/grammar.h"
#include "review/rust/macro_inside.h"
#include "review/rust/parse_memory.h"
#include "review/rust/tree.h"
#include "review/rust/tree_bytes.h"
#include "review/rust/tree_cursor.h"
#include "review/rust/tree_sitter_runtime.h"
#include "review/rust/wide_language.h"

#include <tree_sitter/api.h>

#include <ctime>
#include <string>

namespace review::rust {
namespace {

constexpr std::size_t maxBytes = 2 * 1024 * 1024;
constexpr std::size_t maxLines = 60'000;
constexpr std::size_t maxLineBytes = 128 * 1024; ///< findings quote whole lines
constexpr std::size_t maxBrackets = 1'000;
constexpr std::size_t maxDepth = 4'000;
constexpr std::size_t maxMacroDepth = 12;
constexpr double maxSeconds = 2.0;
constexpr unsigned asksForTime = 32;

/// Processor time of this thread: a busy machine must not change what is understood.
double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct ParserDeleter {
    void operator()(TSParser *parser) const { ts_parser_delete(parser); }
};
struct TreeDeleter {
    void operator()(TSTree *tree) const { ts_tree_delete(tree); }
};
using ParsedTree = std::unique_ptr<TSTree, TreeDeleter>;

/// The public symbol of a named kind, as nodes have it.
std::uint16_t symbolOf(std::string_view kind)
{
    return ts_language_symbol_for_name(tree_sitter_rust(), kind.data(),
                                       static_cast<std::uint32_t>(kind.size()), true);
}

} // namespace

/// Fills a Tree: parses, copies tree-sitter's nodes into the arena without recursion, and re-parses macros on
/// the way.
class TreeBuilder {
public:
    TreeBuilder(Tree &tree, std::stop_token stop)
        : m_tree(tree)
        , m_stop(std::move(stop))
        , m_parser(ts_parser_new())
        , m_start(threadSeconds())
    {}
    git::Result<void> build();

    static std::string write(const Tree &tree);
    static std::shared_ptr<const Tree> read(std::string text, std::string_view bytes);

private:
    static bool readNodes(ByteReader &reader, Tree &tree);
    /// A part of a macro: the tree it was parsed to, or the tokens that are its nodes as they stand. And what
    /// to add to a position in it to have the file's.
    struct Parsed {
        ParsedTree tree;
        std::vector<ParsedNode> tokens;
        std::int64_t shift = 0;
    };

    bool isOver();
    ParsedTree parse(std::string_view text, bool isPart);
    void copy(ParsedNode from, std::int64_t shift, std::uint32_t parent, std::uint8_t field);
    std::uint32_t append(const ParsedNode &node, std::int64_t shift, std::uint32_t parent,
                         std::uint8_t field);
    std::uint32_t append(git::ByteRange bytes, std::string_view kind, std::uint32_t parent);
    void close(std::uint32_t index);

    bool expandMacro(const ParsedNode &tokenTree, std::int64_t shift, std::uint32_t index);
    bool readPart(const MacroPart &part, const MacroInside &inside, Parsed &parsed);
    bool parsePart(const MacroPart &part, Parsed &parsed);
    void emit(const MacroPlan &plan, std::vector<Parsed> &parsed, std::uint32_t index);
    void emitPart(const MacroPart &part, const Parsed &parsed, std::uint32_t parent);
    void emitTree(const MacroPart &part, const Parsed &parsed, std::uint32_t owner, std::uint8_t field);
    void renameArgument(std::uint32_t index);

    ParseMemory m_memory; ///< it outlives all that is made in it
    Tree &m_tree;
    std::stop_token m_stop;
    std::unique_ptr<TSParser, ParserDeleter> m_parser;
    double m_start;
    unsigned m_asked = 0;
    bool m_over = false;
    bool m_isPart = false; ///< of what is being parsed
    bool m_tooDeep = false;
    std::size_t m_depth = 0;
    std::size_t m_macroDepth = 0;
    const std::uint16_t m_error = grammar::kindNumber("ERROR");
    const std::uint16_t m_lineComment = symbolOf("line_comment");
    const std::uint16_t m_blockComment = symbolOf("block_comment");
    const std::uint16_t m_tokenTree = symbolOf("token_tree");
    const std::uint16_t m_macro = symbolOf("macro_invocation");
    const std::uint16_t m_namedArgument = grammar::kindNumber("named_argument");
    const std::uint8_t m_name = grammar::fieldNumber("name");
    const std::uint8_t m_value = grammar::fieldNumber("value");
};

bool TreeBuilder::isOver()
{
    // Asking for the processor's time is a system call.
    const bool looks = m_asked++ % asksForTime == 0;
    m_over = m_over || m_stop.stop_requested() || (looks && threadSeconds() - m_start > maxSeconds);
    return m_over;
}

/// Null when it is over, and for a part that has an error: it is of no use, and going on takes tree-sitter
/// long.
ParsedTree TreeBuilder::parse(std::string_view text, bool isPart)
{
    m_isPart = isPart;
    TSInput input{};
    input.payload = &text;
    input.encoding = TSInputEncodingUTF8;
    input.read = [](void *payload, std::uint32_t at, TSPoint, std::uint32_t *size) {
        const auto &whole = *static_cast<std::string_view *>(payload);
        *size = at < whole.size() ? static_cast<std::uint32_t>(whole.size() - at) : 0;
        return *size ? whole.data() + at : "";
    };
    TSParseOptions options{};
    options.payload = this;
    options.progress_callback = [](TSParseState *state) {
        auto &builder = *static_cast<TreeBuilder *>(state->payload);
        return (builder.m_isPart && state->has_error) || builder.isOver();
    };
    ParsedTree tree(ts_parser_parse_with_options(m_parser.get(), nullptr, input, options));
    if (!tree)
        ts_parser_reset(m_parser.get());
    return tree;
}

std::uint32_t TreeBuilder::append(git::ByteRange bytes, std::string_view kind, std::uint32_t parent)
{
    Tree::Entry entry;
    entry.begin = bytes.begin;
    entry.end = bytes.end;
    entry.parent = parent;
    entry.kind = grammar::kindNumber(kind);
    m_tree.m_nodes.push_back(entry);
    const auto index = static_cast<std::uint32_t>(m_tree.m_nodes.size() - 1);
    m_tree.m_nodes[index].next = index + 1;
    return index;
}

std::uint32_t TreeBuilder::append(const ParsedNode &node, std::int64_t shift, std::uint32_t parent,
                                  std::uint8_t field)
{
    Tree::Entry entry;
    entry.begin = static_cast<std::uint32_t>(node.begin() + shift);
    entry.end = static_cast<std::uint32_t>(node.end() + shift);
    entry.parent = parent;
    const TSSymbol symbol = node.symbol();
    entry.kind = symbol < m_error ? symbol : m_error;
    entry.field = field;
    entry.named = node.isNamed();
    entry.error = node.hasError() || node.isMissing();
    entry.comment = symbol == m_lineComment || symbol == m_blockComment;
    m_tree.m_nodes.push_back(entry);
    const auto index = static_cast<std::uint32_t>(m_tree.m_nodes.size() - 1);
    m_tree.m_nodes[index].next = index + 1;
    if (entry.kind == m_error || node.isMissing())
        m_tree.m_errors.push_back(Node(&m_tree, index).lines());
    return index;
}

void TreeBuilder::close(std::uint32_t index)
{
    m_tree.m_nodes[index].next = static_cast<std::uint32_t>(m_tree.m_nodes.size());
}

void TreeBuilder::copy(ParsedNode from, std::int64_t shift, std::uint32_t parent, std::uint8_t field)
{
    Cursor cursor(from);
    std::vector<std::uint32_t> open;
    while (!m_tooDeep) {
        const ParsedNode &node = cursor.node();
        const std::uint32_t above = open.empty() ? parent : open.back();
        const std::uint32_t index = append(node, shift, above, open.empty() ? field : cursor.field());
        bool enter = true;
        if (m_tree.m_nodes[index].kind == m_tokenTree && m_tree.m_nodes[above].kind == m_macro) {
            m_depth += open.size();
            enter = !expandMacro(node, shift, index);
            m_depth -= open.size();
        }
        if (m_depth + open.size() > maxDepth)
            m_tooDeep = true;
        if (enter && cursor.toFirstChild()) {
            open.push_back(index);
            continue;
        }
        close(index);
        while (!open.empty() && !cursor.toNextSibling()) {
            cursor.toParent();
            close(open.back());
            open.pop_back();
        }
        if (open.empty())
            return;
    }
}

bool TreeBuilder::expandMacro(const ParsedNode &tokenTree, std::int64_t shift, std::uint32_t index)
{
    if (m_macroDepth >= maxMacroDepth || tokenTree.hasError() || isOver())
        return false;
    const MacroInside inside = readInside(tokenTree, shift, m_tree.m_text);
    if (inside.isOpaque)
        return false;
    // The name is the macro's first child; fields can't be asked for while the macro is still open.
    std::string_view name = Node(&m_tree, m_tree.m_nodes[index].parent + 1).text();
    name = name.substr(name.rfind(':') + 1);
    const char bracket = m_tree.m_text[inside.bytes.begin - 1];
    for (const MacroPlan &plan : macroPlans(name, bracket, inside.bytes, inside.tokens)) {
        std::vector<Parsed> parsed;
        bool whole = true;
        for (const MacroGroup &group : plan.groups) {
            for (const MacroPart &part : group.parts)
                whole = whole && readPart(part, inside, parsed.emplace_back());
        }
        if (whole) {
            emit(plan, parsed, index);
            return true;
        }
    }
    return false;
}

bool TreeBuilder::readPart(const MacroPart &part, const MacroInside &inside, Parsed &parsed)
{
    parsed.tokens = plainTokens(part, inside);
    parsed.shift = inside.shift;
    return !parsed.tokens.empty() || parsePart(part, parsed);
}

bool TreeBuilder::parsePart(const MacroPart &part, Parsed &parsed)
{
    const Wrapper wrapper = wrapperOf(part.shape);
    std::string text(wrapper.before);
    text += std::string_view(m_tree.m_text).substr(part.bytes.begin, part.bytes.size());
    text += wrapper.after;
    parsed.shift =
        static_cast<std::int64_t>(part.bytes.begin) - static_cast<std::int64_t>(wrapper.before.size());
    parsed.tree = parse(text, true);
    return parsed.tree && !ParsedNode::rootOf(parsed.tree.get()).hasError();
}

void TreeBuilder::emit(const MacroPlan &plan, std::vector<Parsed> &parsed, std::uint32_t index)
{
    const Tree::Entry tokenTree = m_tree.m_nodes[index];
    m_tree.m_nodes[index].kind = grammar::kindNumber(plan.kind);
    const std::string_view text = m_tree.m_text;
    ++m_macroDepth;
    append({tokenTree.begin, tokenTree.begin + 1}, text.substr(tokenTree.begin, 1), index);
    std::size_t next = 0;
    for (const MacroGroup &group : plan.groups) {
        std::uint32_t parent = index;
        if (!group.kind.empty()) {
            parent =
                append({group.parts.front().bytes.begin, group.parts.back().bytes.end}, group.kind, index);
            m_tree.m_nodes[parent].named = true;
        }
        for (const MacroPart &part : group.parts)
            emitPart(part, parsed[next++], parent);
        if (parent != index)
            close(parent);
    }
    append({tokenTree.end - 1, tokenTree.end}, text.substr(tokenTree.end - 1, 1), index);
    close(index);
    --m_macroDepth;
}

void TreeBuilder::emitPart(const MacroPart &part, const Parsed &parsed, std::uint32_t parent)
{
    std::uint8_t field = grammar::fieldNumber(part.field);
    std::uint32_t owner = parent;
    if (part.argument.size() > 0) {
        owner = append({part.argument.begin, part.bytes.end}, "named_argument", parent);
        m_tree.m_nodes[owner].named = true;
        const std::uint32_t name = append(part.argument, "identifier", owner);
        m_tree.m_nodes[name].named = true;
        m_tree.m_nodes[name].field = m_name;
        field = m_value;
    }
    for (const ParsedNode &token : parsed.tokens)
        copy(token, parsed.shift, owner, field);
    if (parsed.tree)
        emitTree(part, parsed, owner, field);
    if (owner != parent)
        close(owner);
}

void TreeBuilder::emitTree(const MacroPart &part, const Parsed &parsed, std::uint32_t owner,
                           std::uint8_t field)
{
    const std::string_view container = wrapperOf(part.shape).container;
    Cursor cursor(ParsedNode::rootOf(parsed.tree.get()));
    // The containers are reached by first steps only: statement, call …
    while (cursor.node().kind() != container) {
        const std::string_view kind = cursor.node().kind();
        if (!cursor.toFirstChild())
            return;
        const std::string_view wanted = kind == "call_expression"    ? "arguments"
                                        : kind == "match_expression" ? "match_block"
                                                                     : "";
        while (wanted.empty() ? !cursor.node().isNamed() : cursor.node().kind() != wanted) {
            if (!cursor.toNextSibling())
                return;
        }
    }
    const std::uint8_t wantedField = part.shape == PartShape::Expression ? m_value
                                     : part.shape == PartShape::Pattern  ? grammar::fieldNumber("pattern")
                                                                         : 0;
    for (bool more = cursor.toFirstChild(); more; more = cursor.toNextSibling()) {
        const ParsedNode &node = cursor.node();
        const std::int64_t begin = node.begin() + parsed.shift;
        const std::int64_t end = node.end() + parsed.shift;
        const bool within = begin >= part.bytes.begin && end <= part.bytes.end && begin < end;
        if (!within || (wantedField && cursor.field() != wantedField))
            continue;
        const auto index = static_cast<std::uint32_t>(m_tree.m_nodes.size());
        copy(node, parsed.shift, owner, field);
        if (part.shape == PartShape::Arguments)
            renameArgument(index);
    }
}

/// In a list of arguments, `name = value` is no assignment.
void TreeBuilder::renameArgument(std::uint32_t index)
{
    const Node node(&m_tree, index);
    if (!node.is("assignment_expression") || !node.field("left").isAny({"identifier", "field_expression"}))
        return;
    m_tree.m_nodes[index].kind = m_namedArgument;
    m_tree.m_nodes[node.field("left").index()].field = m_name;
    m_tree.m_nodes[node.field("right").index()].field = m_value;
}

git::Result<void> TreeBuilder::build()
{
    ts_parser_set_language(m_parser.get(), wideLanguage());
    ferriscope_lex_quickly(m_parser.get());
    m_tree.m_nodes.reserve(m_tree.m_text.size() / 3 + 16);
    const ParsedTree parsed = parse(m_tree.m_text, false);
    if (parsed)
        copy(ParsedNode::rootOf(parsed.get()), 0, 0, 0);
    if (m_stop.stop_requested())
        return git::Error{git::ErrorKind::Cancelled, "Parsing was stopped."};
    if (m_over)
        return git::Error{
            git::ErrorKind::Parse,
            "Parsing took more than two seconds of processor time, so the file was not analysed."};
    if (m_tooDeep)
        return git::Error{git::ErrorKind::InvalidInput,
                          "The code is nested more than 4,000 levels deep, so the file was not analysed."};
    if (!parsed || m_tree.m_nodes.empty())
        return git::Error{git::ErrorKind::Parse, "The file could not be parsed as Rust."};
    return {};
}

std::string TreeBuilder::write(const Tree &tree)
{
    ByteWriter writer;
    writer.number(tree.m_errors.size());
    for (const git::LineRange &lines : tree.m_errors) {
        writer.number(lines.begin);
        writer.number(lines.end);
    }
    writer.number(tree.m_nodes.size());
    std::int64_t before = 0;
    for (std::uint32_t i = 0; i < tree.m_nodes.size(); ++i) {
        const Tree::Entry &node = tree.m_nodes[i];
        const unsigned flags = (node.field ? 8u : 0u) | (node.named ? 4u : 0u) | (node.error ? 2u : 0u) |
                               (node.comment ? 1u : 0u);
        writer.number((static_cast<std::uint64_t>(node.kind) << 4) | flags);
        if (node.field)
            writer.number(node.field);
        writer.difference(static_cast<std::int64_t>(node.begin) - before);
        writer.number(node.end - node.begin);
        writer.number(node.next - i - 1);
        before = node.begin;
    }
    return writer.take();
}

bool TreeBuilder::readNodes(ByteReader &reader, Tree &tree)
{
    const std::size_t kinds = grammar::kindNames().size();
    const std::size_t fields = grammar::fieldNames().size();
    const std::size_t size = tree.m_text.size();
    std::vector<Tree::Entry> &nodes = tree.m_nodes;
    nodes.resize(reader.count());
    std::vector<std::uint32_t> open; // the nodes around the next one
    std::int64_t before = 0;
    for (std::uint32_t i = 0; i < nodes.size() && reader.ok(); ++i) {
        while (!open.empty() && nodes[open.back()].next <= i)
            open.pop_back();
        if (open.empty() != (i == 0))
            return false;
        Tree::Entry &node = nodes[i];
        const std::uint32_t head = reader.below(kinds << 4);
        node.kind = static_cast<std::uint16_t>(head >> 4);
        node.named = head & 4;
        node.error = head & 2;
        node.comment = head & 1;
        if (head & 8)
            node.field = static_cast<std::uint8_t>(reader.below(fields));
        const std::int64_t step = reader.difference();
        if (step < -before || step > static_cast<std::int64_t>(size) - before)
            return false;
        before += step;
        node.begin = static_cast<std::uint32_t>(before);
        node.end = node.begin + reader.below(size - node.begin + 1);
        const std::size_t limit = open.empty() ? nodes.size() : nodes[open.back()].next;
        node.parent = open.empty() ? 0 : open.back();
        node.next = i + 1 + reader.below(limit - i);
        open.push_back(i);
    }
    return reader.atEnd() && !nodes.empty();
}

std::shared_ptr<const Tree> TreeBuilder::read(std::string text, std::string_view bytes)
{
    std::shared_ptr<Tree> tree(new Tree);
    tree->m_text = std::move(text);
    tree->m_lines = git::Lines(tree->m_text);
    ByteReader reader(bytes);
    const auto line = [&] { return reader.below(tree->m_lines.count() + 2); };
    for (std::size_t left = reader.count(); left > 0 && reader.ok(); --left) {
        const std::uint32_t begin = line();
        tree->m_errors.push_back({begin, line()});
    }
    return readNodes(reader, *tree) ? std::move(tree) : nullptr;
}

std::string toBytes(const Tree &tree)
{
    return TreeBuilder::write(tree);
}

std::shared_ptr<const Tree> toTree(std::string text, std::string_view bytes)
{
    return TreeBuilder::read(std::move(text), bytes);
}

git::Result<std::shared_ptr<const Tree>> Tree::parse(std::string text, std::stop_token stop)
{
    using git::Error;
    using git::ErrorKind;
    if (text.size() > maxBytes)
        return Error{ErrorKind::InvalidInput, "The file is larger than 2 MiB, so it was not analysed."};
    std::shared_ptr<Tree> tree(new Tree);
    tree->m_text = std::move(text);
    tree->m_lines = git::Lines(tree->m_text);
    if (tree->m_lines.count() > maxLines)
        return Error{ErrorKind::InvalidInput, "The file has more than 60,000 lines, so it was not analysed."};
    for (std::size_t line = 0; line < tree->m_lines.count(); ++line) {
        if (tree->m_lines[line].size() > maxLineBytes)
            return Error{ErrorKind::InvalidInput,
                         "The file has a line of more than 128 KiB, so it was not analysed."};
    }
    if (bracketDepth(tree->m_text) > maxBrackets)
        return Error{ErrorKind::InvalidInput,
                     "The file has more than 1,000 brackets inside each other, so it was not analysed."};
    const auto built = TreeBuilder(*tree, std::move(stop)).build();
    if (!built)
        return built.error();
    return std::shared_ptr<const Tree>(std::move(tree));
}

} // namespace review::rust
