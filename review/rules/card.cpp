// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/card.h"

#include "review/playground.h"
#include "review/rules/card_reader.h"
#include "review/rules/similar_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace review::rules {

namespace {

constexpr std::array<std::pair<std::string_view, Severity>, 4> severities{{{"critical", Severity::Critical},
                                                                           {"high", Severity::High},
                                                                           {"medium", Severity::Medium},
                                                                           {"low", Severity::Low}}};
constexpr std::array<std::pair<std::string_view, Section>, 4> sections{{{"critical", Section::Critical},
                                                                        {"concurrency", Section::Concurrency},
                                                                        {"performance", Section::Performance},
                                                                        {"practices", Section::Practices}}};
const std::vector<std::string_view> keys{"severity", "section",          "confidence",       "hits",
                                         "says",     "scenario",         "compares-sides",   "lints",
                                         "covers",   "added-lines-only", "one-per-function", "one-per-file"};
constexpr std::size_t maxTeamCardBytes = 64 * 1024;
constexpr std::size_t maxTeamCases = 60;
constexpr std::array<std::string_view, 10> scenarioKinds{
    "deadlock", "race", "crash", "panic", "leak", "loss", "latency", "exhaustion", "undefined-behaviour",
    "misuse"};

template <typename Table, typename Value>
bool lookUp(const Table &table, std::string_view name, Value &value)
{
    for (const auto &[text, known] : table) {
        if (text == name) {
            value = known;
            return true;
        }
    }
    return false;
}

std::string fileOf(const CardSource &source)
{
    std::string stem(source.id);
    for (char &c : stem)
        c = c == '-' ? '_' : c;
    return "review/rules/" + std::string(source.section) + "/" + stem + ".md";
}

/// "team/no-bare-retry" of ".ferriscope/rules/no_bare_retry.md"; empty where the stem is no name.
std::string teamId(std::string_view path)
{
    constexpr std::size_t longest = 60;
    std::string stem(path.substr(path.rfind('/') + 1));
    stem.resize(stem.size() - std::min<std::size_t>(stem.size(), 3)); // ".md"
    for (char &c : stem)
        c = c == '_' ? '-' : c;
    const bool isName = !stem.empty() && stem.size() <= longest &&
                        stem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    return isName ? "team/" + stem : std::string();
}

/// Reads one card's page into a Card, part by part; the first mistake ends it.
class CardBuilder {
public:
    explicit CardBuilder(const CardSource &source) : m_name(fileOf(source))
    {
        m_card.id = source.id;
        m_card.check = source.check;
        if (!lookUp(sections, source.section, m_card.section))
            fail(0, "no such section");
    }
    /// For a team's card.
    explicit CardBuilder(const std::string &path) : m_name(path), m_isTeams(true)
    {
        m_card.id = teamId(path);
        m_card.file = path;
        m_card.scenarioKind = "misuse";
        if (m_card.id.empty())
            fail(0, "a card's file is named with small letters, digits and `_`: that is the rule's id");
    }

    git::Result<Card> build(std::string_view markdown)
    {
        CardPage page;
        if (m_isTeams && markdown.size() > maxTeamCardBytes)
            fail(0, "a card has at most " + std::to_string(maxTeamCardBytes / 1024) + " KiB");
        else if (auto read = readCardPage(markdown); read)
            page = std::move(*read);
        else
            return git::Error{git::ErrorKind::Parse, m_name + ":" + read.error().message};
        readFrontMatter(page);
        readTexts(page);
        readPrograms(page);
        readCases(page);
        if (m_isTeams)
            readQueryPart(page);
        if (!m_failure.empty())
            return git::Error{git::ErrorKind::Parse, m_failure};
        return std::move(m_card);
    }

private:
    void fail(std::uint32_t line, const std::string &what)
    {
        if (m_failure.empty())
            m_failure = m_name + ":" + std::to_string(line + 1) + ": " + what;
    }

    void readFrontMatter(const CardPage &page)
    {
        bool severity = false;
        bool section = !m_isTeams;
        for (const CardPage::Entry &entry : page.entries) {
            const std::string &value = entry.value;
            if (entry.key == "severity") {
                severity = lookUp(severities, value, m_card.severity);
            } else if (m_isTeams && entry.key == "section") {
                section = lookUp(sections, value, m_card.section);
            } else if (m_isTeams && entry.key == "says") {
                m_card.says = value;
            } else if (entry.key == "confidence") {
                const auto end =
                    std::from_chars(value.data(), value.data() + value.size(), m_card.confidence).ptr;
                if (end != value.data() + value.size() || m_card.confidence <= 0 || m_card.confidence > 1)
                    fail(entry.line, "confidence is a number above 0 and up to 1");
            } else if (entry.key == "hits") {
                readHits(entry);
            } else if (!m_isTeams && entry.key == "compares-sides") {
                m_card.comparesSides = value == "true";
            } else if (entry.key == "added-lines-only") {
                m_card.addedLinesOnly = value == "true";
            } else if (!m_isTeams && entry.key == "one-per-function") {
                m_card.onePerFunction = value == "true";
            } else if (!m_isTeams && entry.key == "one-per-file") {
                m_card.onePerFile = value == "true";
            } else if (entry.key == "scenario") {
                m_card.scenarioKind = value;
                if (std::find(scenarioKinds.begin(), scenarioKinds.end(), value) == scenarioKinds.end())
                    fail(entry.line, "no such kind of scenario: " + value);
            } else if (entry.key == "lints") {
                m_card.lints = splitList(value);
            } else if (!m_isTeams && entry.key == "covers") {
                m_card.covers = splitList(value);
            } else {
                fail(entry.line, "unknown key: " + entry.key + didYouMean(entry.key, keys));
            }
        }
        if (!severity)
            fail(0, "severity must be critical, high, medium or low");
        if (!section)
            fail(0, "section must be critical, concurrency, performance or practices");
        if (m_card.scenarioKind.empty())
            fail(0, "scenario is missing");
    }

    /// "12 of 15": true ones of those read.
    void readHits(const CardPage::Entry &entry)
    {
        const char *const end = entry.value.data() + entry.value.size();
        constexpr std::string_view between = " of ";
        const auto first = std::from_chars(entry.value.data(), end, m_card.hitsTrue);
        const std::string_view rest(first.ptr, static_cast<std::size_t>(end - first.ptr));
        const bool isPair = rest.starts_with(between) &&
                            std::from_chars(first.ptr + between.size(), end, m_card.hitsRead).ptr == end;
        if (first.ec != std::errc{} || !isPair || m_card.hitsTrue > m_card.hitsRead)
            fail(entry.line, "hits are written as \"12 of 15\": the true ones of those read");
    }

    /// A team's card may say less than a built-in one.
    static bool isTeamPart(std::string_view heading)
    {
        return heading == "Why it matters" || heading == "Query" || heading == "Example" ||
               heading == "Instead";
    }

    const CardPage::Part &part(const CardPage &page, std::string_view heading)
    {
        for (const CardPage::Part &part : page.parts) {
            if (part.heading == heading)
                return part;
        }
        if (!m_isTeams || isTeamPart(heading))
            fail(0, "the part \"" + std::string(heading) + "\" is missing");
        static const CardPage::Part none;
        return none;
    }

    std::string text(const CardPage &page, std::string_view heading)
    {
        const CardPage::Part &found = part(page, heading);
        if (found.prose.empty() && (!m_isTeams || isTeamPart(heading)))
            fail(found.line, "the part \"" + std::string(heading) + "\" says nothing");
        return found.prose;
    }

    void readTexts(const CardPage &page)
    {
        m_card.title = page.title;
        m_card.summary = page.summary;
        if (m_card.title.empty() || (m_card.summary.empty() && !m_isTeams))
            fail(0, m_isTeams ? "a card starts with its title: `# …`"
                              : "a card starts with its title and a summary");
        m_card.why = text(page, "Why it matters");
        m_card.scenario = text(page, "Failure scenario");
        m_card.dismissal = text(page, "Not a defect when");
        m_card.limits = text(page, "Known limits");
        const CardPage::Part &references = part(page, "References");
        m_card.references = readReferences(references.prose);
        if (m_card.references.empty() && (!m_isTeams || !references.prose.empty()))
            fail(references.line, "a reference is a line `- [title](url)`");
    }

    /// The one fence of a part, as the program it is with its hidden lines.
    CardProgram program(const CardPage &page, std::string_view heading)
    {
        const CardPage::Part &found = part(page, heading);
        if (found.fences.size() != 1 || found.fences.front().isQuery) {
            fail(found.line, "the part \"" + std::string(heading) + "\" holds one rust fence");
            return {};
        }
        const CardPage::Fence &fence = found.fences.front();
        return {toProgram(fence.code), fence.option("edition", "2021"), fence.option("shows", ""), {}};
    }

    void readPrograms(const CardPage &page)
    {
        m_card.insteadProgram = program(page, "Instead");
        if (const auto &fences = part(page, "Instead").fences; !fences.empty()) {
            m_card.instead = toShown(fences.front().code);
            m_card.insteadLine = fences.front().line;
        }
        if (m_isTeams)
            return; // told by its cases
        CardProgram &shown = m_card.reproductionProgram;
        shown = program(page, "Reproduction");
        if (std::optional<std::string> repaired = toRepaired(shown.code))
            shown.repaired = std::move(*repaired);
        else
            fail(part(page, "Reproduction").line, "a reproduction has lines marked `//~ fault` or `//~ "
                                                  "repaired …` that tell its repaired form");
        shown.code = toFailing(shown.code);
        if (shown.shows != "hang" && shown.shows != "panic" && shown.shows != "abort" &&
            !shown.shows.starts_with("prints: "))
            fail(part(page, "Reproduction").line,
                 "a reproduction shows=hang, panic, abort or \"prints: TEXT\"");
        m_card.reproduction =
            Reproduction{shown.code, shown.edition, makePlaygroundUrl(shown.code, shown.edition)};
    }

    void readCases(const CardPage &page)
    {
        for (const std::string_view heading : {"Example", "Cases"}) {
            std::string base;
            for (const CardPage::Fence &fence : part(page, heading).fences) {
                if (fence.isQuery)
                    fail(fence.line, "the query stands in the part \"Query\"");
                else if (fence.isBase)
                    base = toShown(fence.code);
                else
                    addCase(fence, std::exchange(base, {}));
            }
            if (!base.empty())
                fail(part(page, heading).line, "a base fence comes before the fence of what became of it");
        }
        if (m_card.cases.empty() || m_card.cases.front().marks.empty())
            fail(part(page, "Example").line, "the example has a line marked `//~ " + m_card.id + "`");
        else
            m_card.example = m_card.cases.front().code;
    }

    void addCase(const CardPage::Fence &fence, std::string base)
    {
        CardCase added;
        added.base = std::move(base);
        added.kind = fence.isFixed ? CardCase::Kind::Fixed : CardCase::Kind::Case;
        if (fence.isFixed && (m_card.cases.empty() || m_isTeams))
            fail(fence.line, m_isTeams ? "a team's rule suggests no change: there is nothing fixed"
                                       : "a fixed fence follows the case it fixes");
        if (m_isTeams && m_card.cases.size() >= maxTeamCases)
            return fail(fence.line, "a card has at most " + std::to_string(maxTeamCases) + " cases");
        const std::string shown = toShown(fence.code);
        added.code = withoutMarks(shown);
        added.edition =
            fence.option("edition", fence.isFixed && !m_card.cases.empty() ? m_card.cases.back().edition
                                                                           : std::string("2021"));
        added.path = fence.option("path", "src/lib.rs");
        added.line = fence.line;
        if (const auto marks = readMarks(shown, m_card.id))
            added.marks = *marks;
        else
            fail(fence.line, "a mark names another rule than this card's `" + m_card.id + "`");
        m_card.cases.push_back(std::move(added));
    }

    void readQueryPart(const CardPage &page)
    {
        const CardPage::Part &found = part(page, "Query");
        if (found.fences.size() != 1 || !found.fences.front().isQuery)
            return fail(found.line, "the part \"Query\" holds one fence that starts with ```query");
        const CardPage::Fence &fence = found.fences.front();
        QueryMistake mistake;
        m_card.queryText = fence.code;
        m_card.query = std::make_shared<const Query>(readQuery(fence.code, mistake));
        if (!mistake.what.empty())
            return fail(fence.line + 1 + mistake.line,
                        "in the query, line " + std::to_string(mistake.line + 1) + ", column " +
                            std::to_string(mistake.column + 1) + ": " + mistake.what);
        checkSays(page);
    }

    /// Every `{name}` of the title is a capture.
    void checkSays(const CardPage &page)
    {
        const std::vector<std::string> &captures = m_card.query->captures;
        for (std::size_t open = m_card.says.find('{'); open != std::string::npos;
             open = m_card.says.find('{', open + 1)) {
            const std::size_t close = std::min(m_card.says.find('}', open), m_card.says.size());
            const std::string name = m_card.says.substr(open + 1, close - open - 1);
            if (std::find(captures.begin(), captures.end(), name) != captures.end())
                continue;
            for (const CardPage::Entry &entry : page.entries) {
                if (entry.key == "says")
                    fail(entry.line, "the query captures nothing as `@" + name + "`");
            }
        }
    }

    std::string m_name;
    bool m_isTeams = false;
    Card m_card;
    std::string m_failure;
};

std::vector<Card> readCatalogue()
{
    std::vector<Card> cards;
    for (const CardSource &source : cardSources()) {
        auto card = parseCard(source);
        if (!card) {
            std::fprintf(stderr, "%s\n", card.error().message.c_str());
            std::abort();
        }
        cards.push_back(std::move(*card));
    }
    return cards;
}

} // namespace

Tier tierOf(const Card &card, double confidence)
{
    constexpr double findingConfidence = 0.6;
    constexpr double findingPrecision = 0.7;
    constexpr std::uint32_t enoughHits = 5;
    const bool isPrecise = card.hitsRead < enoughHits || card.hitsTrue >= findingPrecision * card.hitsRead;
    return isPrecise && confidence >= findingConfidence ? Tier::Finding : Tier::Question;
}

git::Result<Card> parseCard(const CardSource &source)
{
    return CardBuilder(source).build(source.markdown);
}

git::Result<Card> parseTeamCard(const std::string &path, std::string_view markdown)
{
    return CardBuilder(path).build(markdown);
}

const std::vector<Card> &catalogue()
{
    static const std::vector<Card> cards = readCatalogue();
    return cards;
}

const Card *findCard(std::string_view id)
{
    for (const Card &card : catalogue()) {
        if (card.id == id)
            return &card;
    }
    return nullptr;
}

} // namespace review::rules
