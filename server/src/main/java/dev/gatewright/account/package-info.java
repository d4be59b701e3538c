/// Organizations and projects: who owns what.
@NullMarked
package dev.gatewright.account;

import org.jspecify.annotations.NullMarked;
