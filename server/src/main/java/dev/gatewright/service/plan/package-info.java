/// A service's calls as plans and legs of [dev.gatewright.call].
@NullMarked
package dev.gatewright.service.plan;

import org.jspecify.annotations.NullMarked;
