//! Stories in French.

use super::script::Move::{
    Again, BusinessMessage, BusinessReply, Comment, Edit, Mention, Message, Photo, React,
    ReplyToPost, StoryReply, Unsend, VisitorPost, WallMention,
};
use super::script::{Fillings, Script};
use crate::world::Language::Fr;
use crate::world::Network::{Facebook, Instagram, Tiktok, X};

pub(super) const FILLINGS: Fillings = Fillings {
    cities: &["Lyon", "Nantes", "Lille", "Bordeaux", "Strasbourg"],
    products: &["le manteau en laine", "le sac à dos", "les bottines", "la chemise en lin"],
};

pub(super) const STORIES: &[Script] = &[
    Script {
        language: Fr,
        network: X,
        beats: &[
            (
                Mention,
                "bonjour, mon colis {order} devait arriver lundi et le suivi n'a pas bougé depuis. \
                 Avez-vous des nouvelles ?",
            ),
            (Again, "Toujours rien ce matin… c'est pour un anniversaire samedi 😕"),
            (
                BusinessReply,
                "Bonjour, nous contactons le transporteur et revenons vers vous aujourd'hui.",
            ),
            (Again, "Merci beaucoup pour votre réactivité !"),
        ],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[
            (Comment, "Bonjour, est-ce que {product} existe en taille {size} ?"),
            (Again, "Et la livraison offerte, c'est aussi pour la Belgique ?"),
        ],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[
            (
                Message,
                "Bonjour, j'ai reçu {product} en {size} mais c'est trop petit. Comment faire un \
                 échange ?",
            ),
            (Message, "Ma commande : {order}"),
            (BusinessMessage, "Bonjour ! L'échange est gratuit en boutique pendant 30 jours."),
            (React, "❤️"),
            (Message, "Parfait, je passerai à la boutique de {city} demain. Merci !"),
        ],
    },
    Script {
        language: Fr,
        network: X,
        beats: &[
            (
                Message,
                "Bonjour, j'attends le remboursement de la commande {order} depuis trois semaines.",
            ),
            (Message, "Le retour a pourtant été livré chez vous, j'ai la preuve de dépôt."),
        ],
    },
    Script {
        language: Fr,
        network: X,
        beats: &[(ReplyToPost, "Super nouvelle ! Déjà fan de {product}, portez-vous bien 👏")],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[
            (Photo, "Voici l'état du carton à l'arrivée : écrasé, et la couture est déchirée."),
            (Message, "Commande {order}. Je préférerais un échange si c'est possible."),
        ],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[(
            VisitorPost,
            "Un grand merci à l'équipe de {city}, patiente et souriante malgré la foule du samedi. \
             Ça change tout !",
        )],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[(
            WallMention,
            "Première commande chez eux et zéro regret : {product} est encore plus beau en vrai.",
        )],
    },
    Script {
        language: Fr,
        network: X,
        beats: &[
            (Mention, "vous etes ouverts le 1er janvier a {city} ?"),
            (Edit, "@{handle} êtes-vous ouverts le 1er janvier à {city} ?"),
        ],
    },
    Script {
        language: Fr,
        network: Facebook,
        beats: &[
            (Comment, "Les horaires du samedi valent-ils aussi pour la boutique de {city} ?"),
            (BusinessReply, "Bonjour, oui, toutes nos boutiques ferment à 20 h le samedi."),
            (Again, "Merci pour la précision, bonne journée !"),
        ],
    },
    Script {
        language: Fr,
        network: X,
        beats: &[
            (Mention, "impossible de payer par carte cadeau sur le site depuis hier soir."),
            (
                Again,
                "Le message d'erreur : « solde indisponible ». La carte a pourtant 50 € dessus.",
            ),
        ],
    },
    Script {
        language: Fr,
        network: Instagram,
        beats: &[
            (Comment, "Trop beau ! {product} existe en {size} ? 😍"),
            (Again, "Et la boutique de {city} l'a en rayon ?"),
            (BusinessReply, "Bonjour ! Oui, et {city} vient d'en recevoir."),
            (Again, "Merci, j'y passe ce soir !"),
        ],
    },
    Script {
        language: Fr,
        network: Instagram,
        beats: &[
            (StoryReply, "C'est {product} que l'on devine dans la vitrine ?"),
            (Message, "Vous pouvez m'en garder un en {size} à {city} ?"),
            (BusinessMessage, "Bonjour ! Bien vu. C'est réservé jusqu'à samedi."),
            (React, "❤️"),
            (Message, "Vous êtes au top, à samedi."),
        ],
    },
    Script {
        language: Fr,
        network: Instagram,
        beats: &[
            (Photo, "La fermeture a lâché au premier essayage."),
            (Message, "Commande {order}. Comment obtenir un échange ?"),
        ],
    },
    Script {
        language: Fr,
        network: Instagram,
        beats: &[(WallMention, "Mon look du jour : {product}, et je ne le quitte plus.")],
    },
    Script {
        language: Fr,
        network: Instagram,
        beats: &[
            (Message, "Mon mot de passe est licorne, pouvez-vous vérifier ma commande {order} ?"),
            (Unsend, ""),
            (Message, "Pardon, mauvais message ! Où en est la commande {order} ?"),
        ],
    },
    Script {
        language: Fr,
        network: Tiktok,
        beats: &[
            (Comment, "il est dispo où {product} ?? je le veux en {size}"),
            (Again, "et à {city} y en a ?"),
        ],
    },
    Script {
        language: Fr,
        network: Tiktok,
        beats: &[
            (Comment, "la qualité tient vraiment dans le temps ?"),
            (BusinessReply, "Bonjour ! Oui, et il est garanti deux ans."),
            (Again, "ok je craque 😅"),
        ],
    },
    Script {
        language: Fr,
        network: Tiktok,
        beats: &[
            (Message, "Bonjour, le code de la vidéo ne marche pas sur {product}."),
            (BusinessMessage, "Bonjour ! Il est réparé, vous pouvez réessayer."),
            (React, "👍"),
            (Message, "Ça marche, merci beaucoup !"),
        ],
    },
    Script {
        language: Fr,
        network: Tiktok,
        beats: &[
            (Message, "Colis {order} reçu abîmé ce matin."),
            (Photo, "Le carton à l'arrivée."),
        ],
    },
    Script {
        language: Fr,
        network: Tiktok,
        beats: &[(Comment, "toujours pas reçu ma commande {order}, trois semaines…")],
    },
];
