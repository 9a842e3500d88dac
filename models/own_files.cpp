// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/own_files.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <string_view>

namespace models {

namespace {

/// Of SQLite, and of a save that replaces a file at once.
constexpr std::array<std::string_view, 7> besideAFile = {"-journal",      "-wal",      "-shm",     ".part",
                                                         ".part-journal", ".part-wal", ".part-shm"};

/// Without links; of a file that is not there yet, its folder's.
QString realPath(const QString &path)
{
    const QFileInfo file(path);
    return file.exists() ? file.canonicalFilePath()
                         : QFileInfo(file.path()).canonicalFilePath() + QLatin1Char('/') + file.fileName();
}

} // namespace

OwnFiles::OwnFiles(const std::string &workTree, const QStringList &paths)
{
    const QString top = realPath(QFile::decodeName(workTree.c_str())) + QLatin1Char('/');
    for (const QString &path : paths) {
        const QString real = path.isEmpty() ? path : realPath(path);
        if (real.startsWith(top))
            m_paths.push_back(QFile::encodeName(real.mid(top.size())).toStdString());
    }
}

bool OwnFiles::has(const std::string &path) const
{
    return std::any_of(m_paths.begin(), m_paths.end(), [&](const std::string &own) {
        if (!path.starts_with(own))
            return false;
        const std::string_view rest = std::string_view(path).substr(own.size());
        return rest.empty() || rest.front() == '/' ||
               std::find(besideAFile.begin(), besideAFile.end(), rest) != besideAFile.end();
    });
}

} // namespace models
