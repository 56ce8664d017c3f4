#pragma once

namespace jvmm::text {

/// What BERT's tokenizer does with a code point. The tables are the reference implementation's, taken over all code
/// points (scripts/update_bert_classes), because Unicode tables of different age disagree.
enum class BertClass { ordinary, removed, blank, punctuation };

BertClass bert_class(char32_t c);

/// A combining mark that accent stripping drops after decomposition.
bool is_bert_accent(char32_t c);

/// A CJK ideograph, which is a word of its own.
bool is_bert_ideograph(char32_t c);

}  // namespace jvmm::text
