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

constexpr Hues lightHues{.keyword = "#6f2a91",
                         .function = "#1f4e9e",
                         .type = "#0a6271",
                         .string = "#7f4000",
                         .escape = "#8f320e",
                         .number = "#8f2653",
                         .meta = "#625300",
                         .comment = "#4b5564",
                         .documentation = "#3f5845",
                         .alert = "#a11c17"};

constexpr Hues darkHues{.keyword = "#d6adf5",
                        .function = "#9fc2ff",
                        .type = "#7cd3cb",
                        .string = "#e6bb7a",
                        .escape = "#f3b08d",
                        .number = "#f4adcb",
                        .meta = "#d3c583",
                        .comment = "#adb6c4",
                        .documentation = "#a8c7ae",
                        .alert = "#ff9d94"};

constexpr Hues contrastHues{.keyword = "#e6ccff",
                            .function = "#c6dcff",
                            .type = "#a8f0e8",
                            .string = "#ffdca6",
                            .escape = "#ffd0b5",
                            .number = "#ffcfe4",
                            .meta = "#f0e49a",
                            .comment = "#d3d9e2",
                            .documentation = "#c9ead0",
                            .alert = "#ffc6c1"};

const Hues &huesOf(const Theme &theme)
{
    if (theme.highContrast)
        return contrastHues;
    return theme.dark ? darkHues : lightHues;
}

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
    const char *name = hue(style, huesOf(theme));
    return {.color = name ? QColor(QLatin1String(name)) : theme.editorText,
            .bold = style == TextStyle::ControlFlow || style == TextStyle::Alert,
            .italic = style == TextStyle::Comment || style == TextStyle::Documentation};
}

} // namespace ui
