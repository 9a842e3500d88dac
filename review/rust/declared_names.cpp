// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/declared_names.h"

#include "review/rust/lexer.h"

#include <algorithm>
#include <cctype>

namespace review::rust {
namespace {

constexpr std::size_t minFieldBytes = 3;

/// Reads tokens and keeps what the last few of them say: the head of a function, an `impl`, a struct or a
/// `use` that is open. A keyword of an item ends what was open, so that no bracket left open hides the rest.
class NameReader {
public:
    explicit NameReader(std::string_view text) : m_lexer(text) {}

    DeclaredNames read()
    {
        for (m_token = m_lexer.next(); m_token.kind != Token::Kind::End; m_token = m_lexer.next()) {
            if (m_token.kind == Token::Kind::Word)
                readWord(m_token.text);
            else
                readMark(m_token.text.front());
            m_before = m_last;
            m_last = m_token.text;
        }
        std::sort(m_names.keys.begin(), m_names.keys.end());
        m_names.keys.erase(std::unique(m_names.keys.begin(), m_names.keys.end()), m_names.keys.end());
        return std::move(m_names);
    }

private:
    enum class Open { Nothing, Function, Returned, Struct, Fields, Impl, ImplBounds, Trait, Use };

    void readWord(std::string_view word);
    void readMark(char mark);
    void openBraces();
    void closeBraces();
    bool isInHead() const { return m_angles == 0 && m_rounds == 0; }
    bool readDeclaration(std::string_view word);
    void readOpen(std::string_view word);
    void open(Open what)
    {
        m_open = what;
        m_angles = 0;
        m_rounds = 0;
    }
    void endFunction(bool hasBody);
    void endImpl();
    bool isTypePosition() const;
    void add(Declared kind, std::string_view name) { m_names.keys.push_back(keyOf(kind, name)); }

    Lexer m_lexer;
    Token m_token;
    std::string_view m_last;   ///< the token before this one
    std::string_view m_before; ///< and the one before that
    DeclaredNames m_names;
    Open m_open = Open::Nothing;
    int m_braces = 0;
    int m_angles = 0; ///< since the item that is open began
    int m_rounds = 0; ///< round and square ones, since then
    int m_fieldBraces = 0;
    std::vector<int> m_ownerBraces; ///< the depths of the open bodies of impls and traits
    bool m_isAsync = false;         ///< `async` stands before the next `fn`
    std::string_view m_function;
    const char *m_returned = nullptr; ///< where the return type begins; null before that
    std::string_view m_returnType;
    std::string_view m_trait;
    std::vector<std::string_view> m_heads; ///< names in the open `impl`, of the trait or of the type
};

void NameReader::readWord(std::string_view word)
{
    if (!readDeclaration(word))
        readOpen(word);
    if (word == "async")
        m_isAsync = true;
    else if (word != "unsafe" && word != "extern" && word != "fn")
        m_isAsync = false;
}

/// The keyword or the name of an item.
bool NameReader::readDeclaration(std::string_view word)
{
    if (m_last == "type")
        add(Declared::Alias, word);
    if ((m_last == "const" && m_before != "*") || m_last == "static" ||
        (m_before == "static" && (m_last == "mut" || m_last == "ref")))
        add(Declared::Static, word);
    if (m_last == "fn") {
        add(Declared::Function, word);
        if (m_ownerBraces.empty() || m_ownerBraces.back() != m_braces)
            add(Declared::FreeFunction, word);
        if (m_isAsync)
            add(Declared::AsyncFunction, word);
        open(Open::Function);
        m_function = word;
        m_returned = nullptr;
        m_returnType = {};
    } else if (m_last == "struct" || m_last == "union") {
        add(Declared::Struct, word);
        open(Open::Struct);
    } else if (m_last == "enum") {
        add(Declared::Enum, word);
        open(Open::Nothing);
    } else if (m_last == "trait") {
        add(Declared::Owner, word);
        open(Open::Trait);
    } else if (word == "impl" && !isTypePosition()) {
        open(Open::Impl);
        m_trait = {};
        m_heads.clear();
    } else if (word == "use" && m_braces == 0) {
        open(Open::Use);
    } else {
        return false;
    }
    return true;
}

/// `impl` as in `x: impl Trait`, which is no item.
bool NameReader::isTypePosition() const
{
    constexpr std::string_view before = ":,&<+=>'";
    return m_last == "mut" || (!m_last.empty() && before.find(m_last.front()) != std::string_view::npos);
}

/// A word in what is open.
void NameReader::readOpen(std::string_view word)
{
    if (m_open == Open::Use) {
        m_names.uses.push_back(word);
    } else if (m_open == Open::Returned && word == "where" && m_returnType.empty()) {
        m_returnType = {m_returned, static_cast<std::size_t>(word.data() - m_returned)};
    } else if (m_open == Open::Impl && m_angles == 0) {
        if (word == "for" && m_lexer.rest().starts_with('<')) {
            m_heads.push_back({});
        } else if (word == "for") {
            m_trait = m_heads.empty() ? std::string_view() : m_heads.back();
            add(Declared::Implemented, m_trait);
            m_heads.clear();
        } else if (word == "where") {
            endImpl();
            m_open = Open::ImplBounds;
        } else {
            m_heads.push_back(word);
        }
    } else if (m_open == Open::Fields && m_braces == m_fieldBraces && word.size() >= minFieldBytes) {
        const std::string_view rest = m_lexer.rest();
        if (rest.starts_with(':') && !rest.starts_with("::"))
            add(Declared::Field, word);
    }
}

void NameReader::endImpl()
{
    for (const std::string_view head : m_heads) {
        add(Declared::Owner, head);
        if (!m_trait.empty())
            m_names.traitImpls.push_back({m_trait, head});
    }
    open(Open::Nothing);
}

void NameReader::endFunction(bool hasBody)
{
    if (m_returned) {
        if (m_returnType.empty())
            m_returnType = {m_returned, static_cast<std::size_t>(m_token.text.data() - m_returned)};
        const auto has = [&](std::string_view part) {
            return m_returnType.find(part) != std::string_view::npos;
        };
        if (has("Guard"))
            m_names.guardNames.push_back(m_function);
        if (hasBody && (has("Guard") || has("Ref<") || has("RefMut<")))
            add(Declared::GuardGetter, m_function);
    }
    open(Open::Nothing);
}

void NameReader::openBraces()
{
    ++m_braces;
    if ((m_open == Open::Function || m_open == Open::Returned) && m_rounds == 0) {
        endFunction(true);
    } else if ((m_open == Open::Impl && m_angles == 0) || m_open == Open::ImplBounds ||
               m_open == Open::Trait) {
        if (m_open == Open::Impl)
            endImpl();
        open(Open::Nothing);
        m_ownerBraces.push_back(m_braces);
    } else if (m_open == Open::Struct && isInHead()) {
        m_open = Open::Fields;
        m_fieldBraces = m_braces;
    }
}

void NameReader::closeBraces()
{
    if (!m_ownerBraces.empty() && m_ownerBraces.back() == m_braces)
        m_ownerBraces.pop_back();
    m_braces -= m_braces > 0 ? 1 : 0;
    if (m_open == Open::Fields && m_braces < m_fieldBraces)
        open(Open::Nothing);
}

void NameReader::readMark(char mark)
{
    m_isAsync = false;
    switch (mark) {
    case '{':
        openBraces();
        break;
    case '}':
        closeBraces();
        break;
    case ';':
        if (m_open == Open::Function || m_open == Open::Returned) {
            if (m_rounds == 0)
                endFunction(false);
        } else if (m_open == Open::Use || m_open == Open::Trait ||
                   (m_open == Open::Struct && m_rounds == 0)) {
            open(Open::Nothing);
        }
        break;
    case '<':
        ++m_angles;
        break;
    case '>':
        if (m_last == "-") {
            if (m_open == Open::Function && isInHead()) {
                m_open = Open::Returned;
                m_returned = m_token.text.data() + 1;
            }
        } else if (m_last != "=") {
            m_angles -= m_angles > 0 ? 1 : 0;
        }
        break;
    case '(':
    case '[':
        ++m_rounds;
        [[fallthrough]];
    case '!':
    case '+':
        if (m_open == Open::Impl && m_angles == 0)
            m_heads.push_back({});
        break;
    case ')':
    case ']':
        m_rounds -= m_rounds > 0 ? 1 : 0;
        break;
    case '*':
        m_names.hasGlobs |= m_open == Open::Use;
        break;
    default:
        break;
    }
}

} // namespace

NameKey keyOf(Declared kind, std::string_view name)
{
    // FNV-1a, and then its bits spread.
    NameKey key = 14695981039346656037ULL ^ static_cast<NameKey>(kind);
    for (const char c : name)
        key = (key ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    key ^= key >> 32;
    return key * 0x9E3779B97F4A7C15ULL;
}

std::string_view ownerName(std::string_view type)
{
    const bool isNamed = std::ranges::all_of(type, [](char c) {
        return c == '_' || c == '#' || std::isalnum(static_cast<unsigned char>(c)) ||
               static_cast<unsigned char>(c) >= 0x80;
    });
    // What references and pointers point to is what owns.
    const bool isNone = type.starts_with('&') || type.starts_with('*') || type == "[]";
    return isNamed || isNone ? type : std::string_view();
}

bool DeclaredNames::declares(Declared kind, std::string_view name) const
{
    return std::binary_search(keys.begin(), keys.end(), keyOf(kind, name));
}

bool DeclaredNames::mayUse(std::string_view name) const
{
    return std::find(uses.begin(), uses.end(), name) != uses.end();
}

DeclaredNames declaredNames(std::string_view text)
{
    return NameReader(text).read();
}

} // namespace review::rust
