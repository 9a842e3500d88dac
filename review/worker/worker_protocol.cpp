// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/worker_protocol.h"

#include "review/describe.h"

namespace review {

namespace {

/// The request's first line: all but its files and their context. `pace` is written in words, for whoever
/// reads the protocol has only that page.
template <typename AnyRequest>
struct Opening {
    AnyRequest &request;
    std::string protocol;
    bool isCareful = false;
};

template <typename AnyRequest>
void describe(auto &archive, Opening<AnyRequest> &value)
{
    archive("protocol", value.protocol);
    archive("careful", value.isCareful);
    archive("scope", value.request.scope);
    archive("extent", value.request.extent, Extent::WholeFiles);
    archive("leftOut", value.request.leftOut);
    archive("uncovered", value.request.uncovered);
    archive.optional("teamCards", value.request.teamCards);
    archive.optional("switchedOff", value.request.switchedOff);
}

/// A file to review, with its texts.
template <typename AnyFile>
struct WholeFile {
    AnyFile &file;
};

template <typename AnyFile>
void describe(auto &archive, WholeFile<AnyFile> &value)
{
    describe(archive, value.file);
    archive("oldText", value.file.texts.oldText);
    archive("newText", value.file.texts.newText);
}

template <typename T>
std::string toLine(const char *message, const T &value)
{
    nlohmann::json json = JsonWriter::encode(value);
    json["message"] = message;
    return json.dump() + '\n';
}

git::Error unreadable(std::string_view what)
{
    return {git::ErrorKind::InvalidInput,
            "This is no request of the protocol " + std::string(workerProtocol) + ": " + std::string(what)};
}

} // namespace

std::optional<std::string> RequestLines::next()
{
    if (!m_isBegun) {
        m_isBegun = true;
        // Only read from: the archives take what they write as if they might change it.
        auto &request = const_cast<Request &>(m_request);
        return toLine("Request", Opening<Request>{request, workerProtocol, m_pace == Pace::Careful});
    }
    while (m_file < m_request.files.size()) {
        auto &file = const_cast<ReviewFile &>(m_request.files[m_file++]);
        if (!isExcluded(file.delta.path()))
            return toLine("File", WholeFile<ReviewFile>{file});
    }
    while (!m_excluded.allContext && m_context < m_request.context.size()) {
        const ContextFile &file = m_request.context[m_context++];
        if (!isExcluded(file.path))
            return toLine("Context", file);
    }
    if (std::exchange(m_isEnded, true))
        return std::nullopt;
    return std::string("{\"message\":\"Review\"}\n");
}

std::size_t textBytes(const Request &request)
{
    std::size_t bytes = 0;
    for (const ReviewFile &file : request.files)
        bytes += file.texts.oldText.size() + file.texts.newText.size();
    for (const ContextFile &file : request.context)
        bytes += file.text.size();
    return bytes;
}

git::Result<bool> RequestReader::take(std::string_view line)
{
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    const auto found = json.is_object() ? json.find("message") : json.end();
    if (json.is_discarded() || found == json.end() || !found->is_string())
        return unreadable("a line is no object with a \"message\".");
    const auto &message = found->get_ref<const std::string &>();
    if (m_isBegun == (message == "Request"))
        return unreadable("it begins with one \"Request\".");

    if (message == "Request") {
        Opening<Request> opening{m_request, {}, false};
        m_isBegun = JsonReader::decode(json, opening);
        m_pace = opening.isCareful ? Pace::Careful : Pace::Quick;
        if (!m_isBegun || opening.protocol != workerProtocol)
            return unreadable("its \"Request\" is another one's.");
    } else if (message == "File") {
        WholeFile<ReviewFile> file{m_request.files.emplace_back()};
        if (!JsonReader::decode(json, file) || file.file.chosen.size() != file.file.hunks.size())
            return unreadable("a \"File\" can't be read.");
    } else if (message == "Context") {
        if (!JsonReader::decode(json, m_request.context.emplace_back()))
            return unreadable("a \"Context\" can't be read.");
    }
    return message == "Review";
}

} // namespace review
