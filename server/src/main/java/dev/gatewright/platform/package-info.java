/// REST of who runs the platform, about the platform itself: settings, sites, what is wrong.
@NullMarked
package dev.gatewright.platform;

import org.jspecify.annotations.NullMarked;
