package dev.gatewright.webhook;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.rest.Problem;
import java.net.URI;
import java.util.regex.Pattern;

/// The address of a webhook, taken apart.
///
/// @param path and query, as they were given; at least a slash
record Target(Origin origin, String path) {
  private static final int URL_CHARACTERS_MAX = 1_000;
  private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*");

  /// @throws Problem 422 for what is no address, or one that is not reached by these rules; a name
  ///   is judged once more by what it resolves to, each time it is dialled
  static Target checked(String url, DialRules rules) {
    if (url.length() > URL_CHARACTERS_MAX) {
      throw Problem.wrong(
          "/url", url + " (expected: at most %d characters)".formatted(URL_CHARACTERS_MAX));
    }
    Target target;
    try {
      target = of(url);
    } catch (InvalidSetting | IllegalArgumentException wrong) {
      throw Problem.wrong("/url", url + " (expected: https://host/path, without a fragment)");
    }
    String refusal = rules.refusal(target.origin.host());
    if (refusal != null) {
      throw Problem.wrong("/url", "%s: the address %s".formatted(url, refusal));
    }
    if (!target.origin.tls() && rules.allowed().isEmpty()) {
      throw Problem.wrong(
          "/url", "%s (expected: https, or a block of network.allow)".formatted(url));
    }
    return target;
  }

  /// One that was checked when it was stored.
  static Target of(String url) {
    int question = url.indexOf('?');
    String bare = question < 0 ? url : url.substring(0, question);
    String query = question < 0 ? "" : url.substring(question);
    if (!QUERY.matcher(query.isEmpty() ? "" : query.substring(1)).matches()) {
      throw new IllegalArgumentException("query");
    }
    Origin origin = BaseUrl.parse("url", bare).origin();
    String path = URI.create(bare).getRawPath();
    return new Target(origin, (path == null || path.isEmpty() ? "/" : path) + query);
  }
}
