// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/styler.h"

#include "ui/diff/syntax_colors.h"
#include "ui/text_position.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>

#include <algorithm>

namespace ui {
namespace {

/// Enough for several screens; a batch takes some 5 ms.
constexpr std::uint32_t rowsPerBatch = 1000;

/// Walks down one side's lines and keeps the grammar's state between them.
class SideStyler : private KSyntaxHighlighting::AbstractHighlighter {
public:
    SideStyler(const DiffPage &page, git::Side side, const KSyntaxHighlighting::Definition &grammar)
        : m_text(page.text(side))
        , m_side(side)
        , m_isPlain(!grammar.isValid())
    {
        setDefinition(grammar);
    }

    bool isDone() const { return m_isPlain || m_next >= m_text.rowCount(); }
    StyledRows nextBatch(const std::stop_token &stop);

private:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override;

    const RowText &m_text;
    const git::Side m_side;
    const bool m_isPlain;
    std::uint32_t m_next = 0;
    KSyntaxHighlighting::State m_state;
    DecodedLine m_line;
    char *m_out = nullptr; ///< the style of the line's first byte
};

StyledRows SideStyler::nextBatch(const std::stop_token &stop)
{
    StyledRows batch{
        .side = m_side, .rows = {m_next, std::min(m_text.rowCount(), m_next + rowsPerBatch)}, .bytes = {}};
    const std::uint32_t start = m_text.rowStart(batch.rows.begin);
    batch.bytes.assign(m_text.rowStart(batch.rows.end) - start, '\0');
    for (; m_next < batch.rows.end && !stop.stop_requested(); ++m_next) {
        const std::int32_t line = m_text.lineOfRow(m_next);
        if (line == git::Row::gap)
            continue;
        const std::string_view bytes = m_text.lines()[std::size_t(line)];
        if (bytes.size() > Styler::maxStyledBytes)
            continue;
        m_line.decode(bytes);
        m_out = batch.bytes.data() + (m_text.rowStart(m_next) - start);
        m_state = highlightLine(m_line.text(), m_state);
    }
    return batch;
}

void SideStyler::applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format)
{
    const std::uint32_t begin = m_line.byteAt(offset);
    const std::uint32_t end = m_line.byteAt(offset + length);
    std::fill(m_out + begin, m_out + end, char(format.textStyle()));
}

KSyntaxHighlighting::Definition grammarFor(const KSyntaxHighlighting::Repository &repository,
                                           const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    const QString name = QString::fromUtf8(path.c_str() + (slash == std::string::npos ? 0 : slash + 1));
    if (name == QLatin1String("Cargo.lock"))
        return repository.definitionForName(QStringLiteral("TOML"));
    return repository.definitionForFileName(name);
}

} // namespace

Styler::Styler(QObject *parent)
    : QObject(parent)
    , m_repository(std::make_shared<std::unique_ptr<KSyntaxHighlighting::Repository>>())
    , m_job(this)
{}

Styler::~Styler() = default;

void Styler::start(std::shared_ptr<const DiffPage> page)
{
    m_job.start([this, page = std::move(page), repository = m_repository](const std::stop_token &stop,
                                                                          const models::Job::Post &post) {
        if (!*repository)
            *repository = std::make_unique<KSyntaxHighlighting::Repository>();
        const git::FileDelta &delta = page->view().delta;
        SideStyler sides[] = {{*page, git::Side::New, grammarFor(**repository, delta.newSide.path)},
                              {*page, git::Side::Old, grammarFor(**repository, delta.oldSide.path)}};
        while (!stop.stop_requested() && !(sides[0].isDone() && sides[1].isDone())) {
            for (SideStyler &side : sides) {
                if (side.isDone())
                    continue;
                auto batch = std::make_shared<const StyledRows>(side.nextBatch(stop));
                if (!stop.stop_requested())
                    post([this, batch] { emit styled(batch); });
            }
        }
        post([this] { emit finished(); });
    });
}

} // namespace ui
