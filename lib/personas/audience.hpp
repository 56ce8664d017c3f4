#pragma once

#include <string>

namespace jvmm::personas {

/// What one profile says about its audience. Texts are as stored (markup, any case, any bytes); an empty one is absent.
struct AudienceText {
  std::string id;  ///< not empty, and of one row only
  std::string who_you_serve, audience_type, niche, what_you_do, seeking, offering;
  std::string ideal_customer;  ///< of a client's report (`matching_memberreport.client_profile`); read as who_you_serve
};

}  // namespace jvmm::personas
