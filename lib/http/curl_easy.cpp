#include "http/curl_easy.hpp"

namespace jvmm::http {

void initialise_curl() {
  static CURLcode const initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw Error(Kind::internal, "libcurl cannot be initialised");
}

Easy make_easy() {
  initialise_curl();
  Easy easy(curl_easy_init(), curl_easy_cleanup);
  if (!easy) throw Error(Kind::internal, "libcurl cannot make a handle");
  return easy;
}

}  // namespace jvmm::http
