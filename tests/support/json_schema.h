// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

namespace tests {

/// Checks a JSON value against the part of JSON Schema that our schema uses; an unknown keyword is an error,
/// so that none is passed over.
class JsonSchema {
public:
    explicit JsonSchema(QJsonObject schema) : m_root(std::move(schema)) {}

    /// Empty when the value is valid, else where it is not and why.
    QString check(const QJsonValue &value) const { return check(value, m_root, QStringLiteral("$")); }

private:
    QString check(const QJsonValue &value, const QJsonObject &schema, const QString &at) const
    {
        for (auto keyword = schema.begin(); keyword != schema.end(); ++keyword) {
            const QString failure = checkKeyword(keyword.key(), keyword.value(), value, schema, at);
            if (!failure.isEmpty())
                return failure;
        }
        return {};
    }

    QString checkKeyword(const QString &name, const QJsonValue &wanted, const QJsonValue &value,
                         const QJsonObject &schema, const QString &at) const
    {
        const auto failIf = [&](bool failed) {
            return failed ? at + QStringLiteral(" fails ") + name : QString();
        };
        if (name == QLatin1String("$ref"))
            return check(value, definition(wanted.toString()), at);
        if (name == QLatin1String("type"))
            return failIf(!isOfType(value, wanted.toString()));
        if (name == QLatin1String("const"))
            return failIf(value != wanted);
        if (name == QLatin1String("enum"))
            return failIf(!wanted.toArray().contains(value));
        if (name == QLatin1String("minimum"))
            return failIf(value.toDouble() < wanted.toDouble());
        if (name == QLatin1String("maximum"))
            return failIf(value.toDouble() > wanted.toDouble());
        if (name == QLatin1String("maxItems"))
            return failIf(value.toArray().size() > wanted.toInt());
        if (name == QLatin1String("required"))
            return checkRequired(wanted.toArray(), value.toObject(), at);
        if (name == QLatin1String("items"))
            return checkItems(value.toArray(), wanted.toObject(), at);
        if (name == QLatin1String("properties"))
            return checkProperties(value.toObject(), wanted.toObject(), at);
        if (name == QLatin1String("additionalProperties"))
            return checkNames(value.toObject(), schema.value(QLatin1String("properties")).toObject(), at);
        if (name == QLatin1String("anyOf"))
            return checkAny(value, wanted.toArray(), at);
        const bool isWords = name == QLatin1String("description") || name == QLatin1String("title") ||
                             name == QLatin1String("$schema") || name == QLatin1String("$defs");
        return isWords ? QString() : QStringLiteral("unknown keyword ") + name;
    }

    static bool isOfType(const QJsonValue &value, const QString &type)
    {
        if (type == QLatin1String("integer"))
            return value.isDouble() && value.toDouble() == static_cast<double>(value.toInteger());
        return (type == QLatin1String("object") && value.isObject()) ||
               (type == QLatin1String("array") && value.isArray()) ||
               (type == QLatin1String("string") && value.isString()) ||
               (type == QLatin1String("number") && value.isDouble()) ||
               (type == QLatin1String("boolean") && value.isBool()) ||
               (type == QLatin1String("null") && value.isNull());
    }

    QJsonObject definition(const QString &reference) const
    {
        const QString name = reference.mid(QStringLiteral("#/$defs/").size());
        return m_root.value(QLatin1String("$defs")).toObject().value(name).toObject();
    }

    static QString checkRequired(const QJsonArray &names, const QJsonObject &object, const QString &at)
    {
        for (const QJsonValue &name : names) {
            if (!object.contains(name.toString()))
                return at + QStringLiteral(" lacks ") + name.toString();
        }
        return {};
    }

    QString checkItems(const QJsonArray &array, const QJsonObject &schema, const QString &at) const
    {
        for (qsizetype i = 0; i < array.size(); ++i) {
            const QString failure = check(array.at(i), schema, at + QStringLiteral("[%1]").arg(i));
            if (!failure.isEmpty())
                return failure;
        }
        return {};
    }

    QString checkProperties(const QJsonObject &object, const QJsonObject &schemas, const QString &at) const
    {
        for (auto property = schemas.begin(); property != schemas.end(); ++property) {
            const QString place = at + QLatin1Char('.') + property.key();
            const QString failure =
                object.contains(property.key())
                    ? check(object.value(property.key()), property.value().toObject(), place)
                    : QString();
            if (!failure.isEmpty())
                return failure;
        }
        return {};
    }

    static QString checkNames(const QJsonObject &object, const QJsonObject &known, const QString &at)
    {
        for (const QString &name : object.keys()) {
            if (!known.contains(name))
                return at + QStringLiteral(" has the unknown key ") + name;
        }
        return {};
    }

    QString checkAny(const QJsonValue &value, const QJsonArray &schemas, const QString &at) const
    {
        QString failure;
        for (const QJsonValue &schema : schemas) {
            failure = check(value, schema.toObject(), at);
            if (failure.isEmpty())
                return {};
        }
        return failure;
    }

    QJsonObject m_root;
};

} // namespace tests
