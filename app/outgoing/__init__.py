"""What goes out of the house by itself: each answer to a webhook, and to an MQTT broker for Home Assistant.

It hears what the bus tells and never holds it up: a subscriber does no more than note what is to go. Answers that went
through a door stay inside: who asked there has them, and a home wants to know what the glasses see.
"""
