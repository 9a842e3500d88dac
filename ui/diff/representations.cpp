// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/representations.h"

#include "ui/diff/row_text.h"

#include <Qsci/qsciscintillabase.h>

#include <QString>

namespace ui {
namespace {

struct Named {
    char32_t code;
    const char *label;
};

// The nine bidi controls of CVE-2021-42574 and the marks beside them by their usual short names.
constexpr Named named[] = {
    {0x061C, "ALM"}, {0x200B, "ZWSP"}, {0x200C, "ZWNJ"}, {0x200D, "ZWJ"},  {0x200E, "LRM"}, {0x200F, "RLM"},
    {0x202A, "LRE"}, {0x202B, "RLE"},  {0x202C, "PDF"},  {0x202D, "LRO"},  {0x202E, "RLO"}, {0x2066, "LRI"},
    {0x2067, "RLI"}, {0x2068, "FSI"},  {0x2069, "PDI"},  {0x00A0, "NBSP"}, {0x00AD, "SHY"}, {0x202F, "NNBSP"},
    {0x2028, "LS"},  {0x2029, "PS"},   {0xFEFF, "BOM"},  {0x2060, "WJ"},
};

struct Run {
    char32_t first;
    char32_t last;
};

// Spaces that pass for U+0020, invisible operators and fillers, interlinear marks, tags.
constexpr Run unnamed[] = {
    {0x034F, 0x034F}, {0x115F, 0x1160}, {0x1680, 0x1680},   {0x17B4, 0x17B5},
    {0x180B, 0x180E}, {0x2000, 0x200A}, {0x205F, 0x205F},   {0x2061, 0x2065},
    {0x206A, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F},
};

void label(QsciScintillaBase &editor, const char *bytes, const char *text)
{
    editor.SendScintilla(QsciScintillaBase::SCI_SETREPRESENTATION, bytes, text);
}

/// Not by QString::fromUcs4, which takes U+FEFF for a byte order mark and drops it.
QByteArray toUtf8(char32_t code)
{
    QString text;
    if (QChar::requiresSurrogates(code))
        text += QChar(QChar::highSurrogate(code));
    text += QChar(QChar::requiresSurrogates(code) ? QChar::lowSurrogate(code) : char16_t(code));
    return text.toUtf8();
}

void label(QsciScintillaBase &editor, char32_t code, const char *text)
{
    label(editor, toUtf8(code).constData(), text);
}

} // namespace

void showHiddenCharacters(QsciScintillaBase &editor)
{
    for (const Run &run : unnamed) {
        for (char32_t code = run.first; code <= run.last; ++code)
            label(editor, code, QByteArray("U+" + QByteArray::number(uint(code), 16).toUpper()).constData());
    }
    for (const Named &character : named)
        label(editor, character.code, character.label);
    const char loneCarriageReturn[] = {RowText::loneCarriageReturn, '\0'};
    label(editor, loneCarriageReturn, "CR");
    label(editor, RowText::lineEndMark, "CR");
    label(editor, RowText::noFinalNewline, "no newline at end of file");
    label(editor, RowText::cutMark, "the rest of this line is not shown");
}

} // namespace ui
