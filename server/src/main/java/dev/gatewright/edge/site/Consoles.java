package dev.gatewright.edge.site;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where people reach the console, for the links and mails of what they began: by the settings of
/// the site where they did, never by what a request says of itself. Thread-safe; may change while
/// calls run.
public final class Consoles {
  private static final String PRODUCT = "Gatewright";

  private final @Nullable String publicUrl;
  private final Supplier<String> local;
  private volatile SitesConfig sites;

  /// @param publicUrl the gate's own, as a browser writes an origin; null = none is set
  /// @param local how people on this machine reach it
  public Consoles(@Nullable String publicUrl, SitesConfig sites, Supplier<String> local) {
    this.publicUrl = publicUrl;
    this.sites = sites;
    this.local = local;
  }

  /// Puts edited sites in force.
  public void configure(SitesConfig edited) {
    sites = edited;
  }

  /// All sites, in the order of the settings.
  public List<SiteConfig> sites() {
    return List.copyOf(sites.byHost().values());
  }

  /// Scheme, host and port of the site's console, without a final slash; of the gate's own where
  /// the host is no site's, or one that has no console.
  ///
  /// @param host as a request named it, with or without a port; empty = no request did
  public String url(String host) {
    SiteConfig site = at(host);
    return site == null ? usual() : site.publicUrl();
  }

  /// The same for what nobody began at a site.
  public String usual() {
    if (publicUrl != null) {
      return publicUrl;
    }
    SiteConfig first = sites.firstConsole();
    return first == null ? local.get() : first.publicUrl();
  }

  /// The same for what may be done from this machine alone, where the gate has no name of its own.
  public String nearby() {
    return publicUrl == null ? local.get() : publicUrl;
  }

  /// How mails call the site: what people see in the address bar, and its name where it has one.
  public String called(String host) {
    String url = url(host);
    String authority = URI.create(url).getAuthority();
    String shown = authority == null ? url : authority;
    String name = nameOrNull(host);
    return name == null ? shown : name + " (" + shown + ")";
  }

  /// What the console calls itself there.
  public String name(String host) {
    String name = nameOrNull(host);
    return name == null ? PRODUCT : name;
  }

  private @Nullable String nameOrNull(String host) {
    SiteConfig site = at(host);
    if (site == null) {
      site = at(URI.create(usual()).getAuthority());
    }
    return site == null ? null : site.name();
  }

  /// How the console looks there.
  public SiteBrand brand(String host) {
    SiteConfig site = at(host);
    return site == null ? SiteBrand.NONE : site.brand();
  }

  /// Whose limits calls at this name count for; null = it is no site's.
  public @Nullable String limitsClass(String host) {
    SiteConfig site = sites.byHost().get(SiteDoor.name(host));
    return site == null ? null : site.limitsClass();
  }

  private @Nullable SiteConfig at(@Nullable String host) {
    SiteConfig site = host == null ? null : sites.byHost().get(SiteDoor.name(host));
    return site == null || site.apiOnly() ? null : site;
  }
}
