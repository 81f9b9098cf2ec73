package dev.gatehouse.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The auth server. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GatehouseApplication {
    public static void main(String[] args) {
        SpringApplication.run(GatehouseApplication.class, args);
    }
}
