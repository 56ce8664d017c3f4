#include <array>

#include "cli.hpp"

namespace {

using namespace jvmm::cli;

constexpr std::array k_commands{
    Command{"backfill-embeddings", "Enrich", "embed the text fields whose text or model has changed",
            define_backfill_embeddings},
    Command{"classify-niche", "Enrich", "up to three niches of a profile, with confidences", define_classify_niche},
    Command{"classify-offers", "Enrich", "the types of what a profile offers, with confidences",
            define_classify_offers},
    Command{"classify-style", "Enrich", "the manner in which a profile speaks, with a confidence",
            define_classify_style},
    Command{"extract-credentials", "Enrich",
            "books, media, speaking, certificates, awards, podcasts, each with its place", define_extract_credentials},
    Command{"cluster-personas", "Enrich", "find, name and keep about 25 audiences; who has which, which complete which",
            define_cluster_personas},
    Command{"check-profiles", "Enrich", "check addresses, texts and classifications; hold what needs a decision",
            define_check_profiles},
    Command{"enrich", "Enrich", "all of it in the right order, for given, new or stale profiles", define_enrich},
    Command{"rescore", "Match", "ISMC scores: stored matches, clients against everyone, or all pairs", define_rescore},
    Command{"score", "Match", "score the pairs of a file, with every factor; needs no database", define_score},
    Command{"scoring", "Match", "list, show and compare scoring profiles", define_scoring},
    Command{"explain", "Match", "how a pair is scored, factor by factor, and what is stored for it", define_explain},
    Command{"similar", "Match", "nearest profiles by meaning, for a field or a free text", define_similar},
    Command{"calibrate", "Match", "similarity to 0..10 per model and fields, from judged or random pairs",
            define_calibrate},
    Command{"export-sample", "Learn", "a stratified CSV to label, with prompts; or what is held for review",
            define_export_sample},
    Command{"evaluate", "Learn", "accuracy, F1, calibration and confusions of classifications against labels",
            define_evaluate},
    Command{"train-classifier", "Learn", "a head on frozen embeddings from labels; in use only when it beats what is",
            define_train_classifier},
    Command{"report", "Report", "one HTML page: what the last runs changed", define_report},
    Command{"estimate", "Operate", "rows, requests, tokens, money, hours; hosted against self-hosted", define_estimate},
    Command{"status", "Operate", "what is done, pending and failed, and who is at work", define_status},
    Command{"retry", "Operate", "run again only what failed", define_retry},
    Command{"runs", "Operate", "the history of runs", define_runs},
    Command{"undo", "Operate", "take back what a run wrote, where nobody has changed it since", define_undo},
    Command{"doctor", "Operate", "check database, pooler, extension, widths, model and disk; say how to mend",
            define_doctor},
    Command{"migrate", "Operate", "bring our schema and the product's columns forward", define_migrate},
    Command{"models", "Operate", "list, pull and verify local models", define_models},
    Command{"cache", "Operate", "what answers of services are kept, and delete old ones", define_cache},
    Command{"config", "Operate", "show every setting with its origin", define_config},
};

}  // namespace

int main(int argc, char** argv) {
  return run_program(k_commands, argc, argv);
}
