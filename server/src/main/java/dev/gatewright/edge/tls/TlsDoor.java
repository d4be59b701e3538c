package dev.gatewright.edge.tls;

import dev.gatewright.config.Settings.InvalidSetting;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate in force and the handshakes made with it. Looks at the two files once a second,
/// by content, because times and inodes mislead on mounted folders; an edit that cannot be used
/// leaves the last good one in force, and [#problem()] says why. Connections that are open keep
/// what they began with. BoringSSL where its library loads, else the JDK's TLS. Thread-safe.
public final class TlsDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /// Only what has forward secrecy and authenticates what it encrypts.
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final TlsConfig config;
  private final boolean http2;
  private final SslProvider provider;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile InForce inForce;
  private volatile @Nullable String problem;
  private volatile Consumer<ServerCertificate> onChange = _ -> {};

  /// Content that was looked at and not taken; it may have been half of an edit.
  private String refused = "";

  private boolean refusalSaid;

  /// @param http2 offers both protocols; `context` HTTP/1.1 alone
  private record InForce(ServerCertificate certificate, SslContext context, SslContext http2) {}

  private TlsDoor(TlsConfig config, boolean http2, SslProvider provider) {
    this.config = config;
    this.http2 = http2;
    this.provider = provider;
    this.inForce = made(ServerCertificate.read(config));
  }

  /// @param http2 offered beside HTTP/1.1
  /// @throws InvalidSetting when a file is missing or not what it should be
  public static TlsDoor open(TlsConfig config, boolean http2) {
    TlsDoor door = of(config, http2, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    Thread.ofPlatform().daemon().name("certificate-reload").start(door::watch);
    return door;
  }

  /// The same, which looks when it is told to.
  static TlsDoor of(TlsConfig config, boolean http2, SslProvider provider) {
    return new TlsDoor(config, http2, provider);
  }

  private InForce made(ServerCertificate certificate) {
    try {
      SslContext one = context(certificate, ApplicationProtocolNames.HTTP_1_1);
      SslContext both =
          http2
              ? context(
                  certificate, ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
              : one;
      return new InForce(certificate, one, both);
    } catch (SSLException | IllegalArgumentException unusable) {
      throw new InvalidSetting(
          "listen.tls: %s: %s".formatted(config.certificate(), unusable.getMessage()));
    }
  }

  /// @param protocols by preference
  private SslContext context(ServerCertificate certificate, String... protocols)
      throws SSLException {
    return SslContextBuilder.forServer(certificate.key(), certificate.chain())
        .sslProvider(provider)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols))
        .build();
  }

  /// The first handler of a connection whose first bytes are TLS.
  ///
  /// @param patience for the whole handshake
  /// @param mayHttp2 false = HTTP/1.1 alone is offered
  public SslHandler handler(ByteBufAllocator allocator, Duration patience, boolean mayHttp2) {
    InForce now = inForce;
    SslHandler handler = (mayHttp2 ? now.http2 : now.context).newHandler(allocator);
    handler.setHandshakeTimeoutMillis(patience.toMillis());
    return handler;
  }

  /// What new connections are shown.
  public ServerCertificate certificate() {
    return inForce.certificate;
  }

  /// Why the files as they are now are not in force; null when they are.
  public @Nullable String problem() {
    return problem;
  }

  /// `callback` hears of each certificate that comes into force from now on, on a thread that may
  /// block. One callback, the last one set.
  public void onChange(Consumer<ServerCertificate> callback) {
    onChange = callback;
  }

  /// Looks at the files once; true when an edit came into force.
  public synchronized boolean look() {
    String content;
    try {
      content = ServerCertificate.content(config);
    } catch (InvalidSetting unreadable) {
      refuse(String.valueOf(unreadable.getMessage()), "unreadable");
      return false;
    }
    if (content.equals(inForce.certificate.content())) {
      problem = null;
      refused = "";
      return false;
    }
    if (content.equals(refused) && refusalSaid) {
      return false;
    }
    try {
      inForce = made(ServerCertificate.read(config));
      problem = null;
      refused = "";
      LOG.info(
          "listen.tls: the certificate in {} is in force, until {}",
          config.certificate(),
          inForce.certificate.expires());
      onChange.accept(inForce.certificate);
      return true;
    } catch (InvalidSetting unusable) {
      refuse(String.valueOf(unusable.getMessage()), content);
      return false;
    }
  }

  /// The two files are replaced one after the other, so only what stays broken is worth a word.
  private void refuse(String why, String content) {
    refusalSaid = content.equals(refused);
    if (refusalSaid && !why.equals(problem)) {
      problem = why;
      LOG.error("{} (the last good certificate stays)", why);
    }
    refused = content;
  }

  private void watch() {
    try {
      while (!stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          look();
        } catch (RuntimeException bug) {
          LOG.error("{}: it could not be looked at", config.certificate(), bug);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
