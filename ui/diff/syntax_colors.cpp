// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/syntax_colors.h"

namespace ui {
namespace {

/// Few hues, told apart by role: what controls, what names, what is data, what is said about it.
struct Hues {
    const char *keyword;
    const char *function;
    const char *type;
    const char *string;
    const char *escape;
    const char *number;
    const char *meta;
    const char *comment;
    const char *documentation;
    const char *alert;
};

constexpr Hues lightHues{.keyword = "#7a2f9e",
                         .function = "#1f4e9e",
                         .type = "#0a6271",
                         .string = "#8a4500",
                         .escape = "#a03a12",
                         .number = "#9c2a5b",
                         .meta = "#6a5a00",
                         .comment = "#596473",
                         .documentation = "#4a6350",
                         .alert = "#b3261e"};

constexpr Hues darkHues{.keyword = "#cfa0f2",
                        .function = "#8fb8ff",
                        .type = "#7cd3cb",
                        .string = "#e6bb7a",
                        .escape = "#f0a37c",
                        .number = "#f2a1c4",
                        .meta = "#d3c583",
                        .comment = "#98a2b3",
                        .documentation = "#9fbfa5",
                        .alert = "#ff8f85"};

using TextStyle = KSyntaxHighlighting::Theme::TextStyle;

const char *hue(TextStyle style, const Hues &hues)
{
    switch (style) {
    case TextStyle::Keyword:
    case TextStyle::ControlFlow:
        return hues.keyword;
    case TextStyle::Function:
    case TextStyle::BuiltIn:
        return hues.function;
    case TextStyle::DataType:
    case TextStyle::Extension:
    case TextStyle::Import:
        return hues.type;
    case TextStyle::String:
    case TextStyle::VerbatimString:
    case TextStyle::Char:
        return hues.string;
    case TextStyle::SpecialChar:
    case TextStyle::SpecialString:
        return hues.escape;
    case TextStyle::DecVal:
    case TextStyle::BaseN:
    case TextStyle::Float:
    case TextStyle::Constant:
        return hues.number;
    case TextStyle::Preprocessor:
    case TextStyle::Attribute:
    case TextStyle::Others:
        return hues.meta;
    case TextStyle::Comment:
    case TextStyle::RegionMarker:
        return hues.comment;
    case TextStyle::Documentation:
    case TextStyle::Annotation:
    case TextStyle::CommentVar:
    case TextStyle::Information:
        return hues.documentation;
    case TextStyle::Warning:
    case TextStyle::Alert:
    case TextStyle::Error:
        return hues.alert;
    case TextStyle::Normal:
    case TextStyle::Variable:
    case TextStyle::Operator:
        break;
    }
    return nullptr;
}

} // namespace

SyntaxStyle syntaxStyle(TextStyle style, const Theme &theme)
{
    const char *name = hue(style, theme.dark ? darkHues : lightHues);
    return {.color = name ? QColor(QLatin1String(name)) : theme.editorText,
            .bold = style == TextStyle::ControlFlow || style == TextStyle::Alert,
            .italic = style == TextStyle::Comment || style == TextStyle::Documentation};
}

} // namespace ui
