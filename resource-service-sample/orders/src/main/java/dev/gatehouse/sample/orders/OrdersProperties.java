package dev.gatehouse.sample.orders;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where this service and inventory are.
 *
 * @param url this service's public URL, which is also the audience of its tokens
 * @param inventory the inventory service
 */
@ConfigurationProperties("orders")
record OrdersProperties(String url, Inventory inventory) {

    /**
     * The inventory service.
     *
     * @param url where it is called
     * @param audience the audience of its tokens
     */
    record Inventory(String url, String audience) {}
}
