package dev.gatewright.platform.doctor;

import dev.gatewright.config.Settings;
import java.util.Locale;

/// How callers come to the listener, and through what. Stateless.
final class ListenChecks {
  /// Of the plans Free and Pro; Business has 200 MB, Enterprise 500.
  private static final long CLOUDFLARE_BODY_BYTES = 100_000_000;

  private ListenChecks() {}

  static Finding proxies(Settings settings) {
    String id = "client-address";
    String header = settings.text("client-address", "x-forwarded-for");
    if (!settings.texts("trusted-proxies").isEmpty()) {
      return Finding.ok(id, "%s, from trusted-proxies alone.".formatted(header));
    }
    return header.equals("x-forwarded-for")
        ? Finding.ok(id, "The peer's: no proxy is believed.")
        : Finding.warning(
            id,
            header + " is named, but trusted-proxies is empty: nobody's counts.",
            "Set trusted-proxies to the address your proxy or tunnel connects from.");
  }

  /// Whether keys cross a network in the clear.
  static Finding clear(Settings settings) {
    String id = "clear-listener";
    Settings listen = settings.section("listen");
    String host = listen.text("host", "127.0.0.1").toLowerCase(Locale.ROOT);
    boolean local = host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    boolean tls = !listen.section("tls").text("certificate", "").isEmpty();
    if (local || tls || !settings.texts("trusted-proxies").isEmpty()) {
      return Finding.ok(id, local ? "This machine alone reaches it." : "Something ends TLS.");
    }
    return Finding.warning(
        id,
        "%s is reached from outside without TLS: keys cross the network in the clear."
            .formatted(host),
        "Put a proxy in front (docs/guides/deploy-vps.md) and name it in trusted-proxies, or listen on 127.0.0.1.");
  }

  /// Whether a tunnel takes less than the gate would.
  static Finding tunnel(Settings settings) {
    String id = "tunnel";
    if (!settings.text("client-address", "").equals("cf-connecting-ip")) {
      return Finding.skipped(id, "None is named by client-address.");
    }
    long body = settings.section("limits").bytes("body", 0);
    return body > CLOUDFLARE_BODY_BYTES
        ? Finding.warning(
            id,
            "limits.body is %d MiB, but Cloudflare answers 413 beyond 100 MB (Free and Pro)."
                .formatted(body >> 20),
            "Lower limits.body to 95MiB, so that callers hear it from the gate, or take a larger plan.")
        : Finding.ok(id, "limits.body fits what Cloudflare passes on.");
  }
}
