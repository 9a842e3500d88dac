// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/settings.h"

#include <QDir>
#include <QStandardPaths>

namespace models {

namespace {

constexpr int maxRecent = 12;

QString folderOr(const QString &folder, QStandardPaths::StandardLocation location)
{
    if (!folder.isEmpty())
        return QDir(folder).absolutePath();
    return QStandardPaths::writableLocation(location) + QStringLiteral("/ferriscope");
}

} // namespace

Settings::Settings(const QString &configFolder, const QString &dataFolder)
    : m_configFolder(folderOr(configFolder, QStandardPaths::GenericConfigLocation))
    , m_dataFolder(folderOr(dataFolder, QStandardPaths::GenericDataLocation))
    , m_file(m_configFolder + QStringLiteral("/window.ini"), QSettings::IniFormat)
{}

QStringList Settings::recent() const
{
    return m_file.value(QStringLiteral("recent")).toStringList();
}

void Settings::addRecent(const QString &path)
{
    QStringList paths = recent();
    paths.removeAll(path);
    paths.prepend(path);
    m_file.setValue(QStringLiteral("recent"), paths.mid(0, maxRecent));
}

void Settings::removeRecent(const QString &path)
{
    QStringList paths = recent();
    paths.removeAll(path);
    m_file.setValue(QStringLiteral("recent"), paths);
}

QString Settings::sessionsFolder() const
{
    return m_dataFolder + QStringLiteral("/sessions");
}

QString Settings::sampleFolder() const
{
    return m_dataFolder + QStringLiteral("/sample");
}

QStringList Settings::ownFolders() const
{
    return {m_dataFolder, folderOr({}, QStandardPaths::GenericCacheLocation)};
}

} // namespace models
