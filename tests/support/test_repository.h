// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <string>
#include <string_view>

namespace tests {

/// Runs the git program in a folder, away from the configuration of whoever runs the tests, with fixed names
/// and dates. Tests may do so; the product never does.
struct GitResult {
    int status = -1;
    std::string output;
    std::string messages;

    bool ok() const { return status == 0; }
};

inline QString toQString(std::string_view bytes)
{
    return QFile::decodeName(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
}

inline GitResult runGit(const QString &folder, const QStringList &arguments, std::string_view input = {})
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith(QLatin1String("GIT_")))
            environment.remove(name);
    }
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
    environment.insert(QStringLiteral("GIT_CONFIG_SYSTEM"), QStringLiteral("/dev/null"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    for (const QLatin1String who : {QLatin1String("AUTHOR"), QLatin1String("COMMITTER")}) {
        environment.insert(QStringLiteral("GIT_%1_NAME").arg(who), QStringLiteral("Test"));
        environment.insert(QStringLiteral("GIT_%1_EMAIL").arg(who), QStringLiteral("test@example.org"));
        environment.insert(QStringLiteral("GIT_%1_DATE").arg(who), QStringLiteral("2026-01-02T03:04:05Z"));
    }
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral("git"), arguments);
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(120'000))
        return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
}

/// A repository in a temporary folder, made with the git program. A git command that fails ends the test
/// program with its message, unless it is run by tryGit.
class TestRepository {
public:
    explicit TestRepository(const QStringList &initOptions = {})
    {
        if (!m_folder.isValid())
            qFatal("There is no place for a test repository: %s", qPrintable(m_folder.errorString()));
        QDir(m_folder.path()).mkdir(QStringLiteral("repo"));
        git(QStringList{QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"),
                        QStringLiteral("main")} +
            initOptions);
    }

    /// The work tree's root (or the bare repository), a folder of the temporary one.
    QString path() const { return m_folder.filePath(QStringLiteral("repo")); }
    std::string root() const { return QFile::encodeName(path()).toStdString(); }
    /// A path beside the repository, for clones, work trees and things that must stay untouched.
    QString beside(const QString &name) const { return m_folder.filePath(name); }

    GitResult tryGit(const QStringList &arguments, std::string_view input = {}) const
    {
        return runGit(path(), arguments, input);
    }

    std::string git(const QStringList &arguments, std::string_view input = {}) const
    {
        const GitResult result = tryGit(arguments, input);
        if (!result.ok())
            qFatal("git %s failed: %s", qPrintable(arguments.join(QLatin1Char(' '))),
                   result.messages.c_str());
        return result.output;
    }

    /// The output without its final line end.
    std::string gitLine(const QStringList &arguments) const
    {
        std::string line = git(arguments);
        while (line.ends_with('\n'))
            line.pop_back();
        return line;
    }

    /// Writes a file of the work tree, with its folders.
    void write(std::string_view name, std::string_view bytes) const
    {
        const QString file = filePath(name);
        QDir().mkpath(QFileInfo(file).path());
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate) ||
            out.write(bytes.data(), static_cast<qint64>(bytes.size())) != static_cast<qint64>(bytes.size()))
            qFatal("Cannot write %s", qPrintable(file));
    }

    std::string read(std::string_view name) const
    {
        QFile in(filePath(name));
        if (!in.open(QIODevice::ReadOnly))
            qFatal("Cannot read %s", qPrintable(in.fileName()));
        return in.readAll().toStdString();
    }

    void remove(std::string_view name) const { QFile::remove(filePath(name)); }
    QString filePath(std::string_view name) const { return path() + QLatin1Char('/') + toQString(name); }

    /// Commits all of the work tree; the commit's id.
    std::string commit(const QString &message = QStringLiteral("Change")) const
    {
        git({QStringLiteral("add"), QStringLiteral("-A")});
        git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"),
             QStringLiteral("-m"), message});
        return gitLine({QStringLiteral("rev-parse"), QStringLiteral("HEAD")});
    }

private:
    QTemporaryDir m_folder;
};

} // namespace tests
