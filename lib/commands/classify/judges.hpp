#pragma once

#include <memory>

#include "classify/head.hpp"
#include "classify/prompt.hpp"
#include "commands/classify/judge.hpp"
#include "inference/chat.hpp"
#include "inference/zero_shot.hpp"

namespace jvmm::commands {

/// Words and vectors: classify::Classifier. `method` is "rules" where it goes by words alone. `model` and `vectors` are
/// the embedder's name and fingerprint; empty for rules. REQUIRES of all judges: what they refer to outlives them.
std::unique_ptr<Judge> judge_by_classifier(std::shared_ptr<classify::Classifier const> classifier, std::string model,
                                           std::string vectors);

/// Zero-shot by natural language inference: a label is given from .5 on. The answer is sure where a label reaches
/// .8, but no more labels than a profile may have: else the model did not tell them apart. `description`: the route,
/// for the fingerprint.
std::unique_ptr<Judge> judge_by_entailment(std::shared_ptr<classify::Taxonomy const> taxonomy,
                                           std::unique_ptr<inference::ZeroShotClassifier> model,
                                           std::string description);

/// What a judge by entailment asks for. **Throws** usage where two labels have the same hypothesis.
inference::ZeroShotParameters entailment_parameters(classify::Taxonomy const& taxonomy);

/// A trained head on top of the classifier's scores and vectors.
std::unique_ptr<Judge> judge_by_head(std::shared_ptr<classify::Classifier const> classifier, classify::Head head,
                                     std::string model);

/// The validated prompt, asked of a chat model.
std::unique_ptr<Judge> judge_by_chat(std::shared_ptr<classify::Taxonomy const> taxonomy, classify::Prompt prompt,
                                     std::unique_ptr<inference::ChatModel> model, std::string description);

/// What a judge by chat asks with. Offer types are a list, which no service can be held to by a schema.
inference::ChatParameters chat_parameters(classify::Taxonomy const& taxonomy, classify::Prompt const& prompt);

/// The columns that a prompt names. **Throws** configuration for one that classification does not read.
std::vector<std::string> prompt_columns(classify::Prompt const& prompt);

/// Reads a reply: JSON, perhaps in a fence or between words. Labels are found by key, name or synonym; what is no label
/// of the taxonomy is `foreign`; one that comes twice counts once, with the greater confidence. **Throws** bad_answer:
/// no JSON of this form, or a confidence that is none.
Ruling read_chat_reply(classify::Taxonomy const& taxonomy, std::string_view reply);

}  // namespace jvmm::commands
