// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"
#include "app/console.h"
#include "app/report_output.h"
#include "review/report.h"

namespace app {
namespace {

std::string render(const review::Session &session, Format format)
{
    switch (format) {
    case Format::Json:
        return review::renderJson(session);
    case Format::Sarif:
        return review::renderSarif(session);
    case Format::Html:
        return review::renderHtml(session);
    case Format::Text:
    case Format::Markdown:
        break;
    }
    return review::renderMarkdown(session);
}

} // namespace

git::Result<void> writeReport(const review::Session &session, const Output &output)
{
    return writeResult(render(session, output.format), output.file);
}

int runReport(const ReportCommand &command)
{
    const auto session = review::loadSession(command.session);
    if (!session)
        return fail(session.error());
    if (auto written = writeReport(*session, command.output); !written)
        return fail(written.error(), NotCompleted);
    if (session->complete())
        return Done;
    printMessage("The saved review is not complete; the report says what is missing.");
    return NotCompleted;
}

} // namespace app
