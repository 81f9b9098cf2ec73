/** The image, the compose file and the Kubernetes manifests: what is wrong with them, found without starting them. */
@NullMarked
package dev.gatehouse.deploy;

import org.jspecify.annotations.NullMarked;
